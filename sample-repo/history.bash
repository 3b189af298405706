# shellcheck shell=bash disable=SC2016 # the back quotes and dollars in sed's expressions are meant
# What happened in the shop's configuration repository, told with the words of make-history.
# Each promotion to production is a merge; each merge that touches environments/production is a release.

staging=environments/staging
production=environments/production

ana() { as "Ana Ribeiro" ana.ribeiro@shop.example; }
tomasz() { as "Tomasz Lewandowski" tomasz.lewandowski@shop.example; }
tomasz_at_home() { as "Tomasz Lewandowski" tomek@lewandowski.example; }
priya() { as "Priya Nair" priya.nair@shop.example; }
zoe() { as "Zoë Lindqvist" zoe.lindqvist@shop.example; }
zoe_ascii() { as "Zoe Lindqvist" zoe.lindqvist@shop.example; }
bot() { as "release-bot" release-bot@shop.example; }

# --- March: nginx, and a page that says "soon" ---

ana; at "2025-03-03T09:12:40+0100"
take README.md .editorconfig
edit README.md '/^\| `(migrations|k8s)`/d' '/^- A migration is never/d' '/^- What belongs to one machine/d' \
  's/ by an owner \(`CODEOWNERS`\)//' 's/nginx in front, and `checkout`.s configuration/nginx/'
commit "Begin the shop's configuration repository" \
  "Until now the hosts were edited by hand, and nobody could say what was set where."

at "2025-03-03T10:47:05+0100"
take $staging/nginx.conf $staging/mime.types $staging/site
edit $staging/nginx.conf '/include limits.conf/,+1d' '/upstream checkout/,/^  }/d' '/location \/api/,/^    }/d' \
  '/Not rate limited/,/^    }/d' '/X-Frame-Options/d' '/sendfile/d'
edit $staging/mime.types '/webp|woff2/d'
edit $staging/site/index.html 's/(banner">)[^<]*/\1Opening soon./'
commit "Serve the shop's page from nginx in staging"

tomasz; at "2025-03-04T14:20:11+0100"
edit $staging/nginx.conf 's/^(  server_tokens off;)/\1\n  sendfile on;/'
commit "Send files without copying them" "Reviewed-by: Ana Ribeiro <ana.ribeiro@shop.example>"

ana; at "2025-03-06T11:02:33+0100"
branch promote/first-page
mkdir -p $production
cp -r $staging/. $production
edit $production/nginx.conf 's/in staging/in production/' 's/worker_processes 1/worker_processes 2/' \
  's/worker_connections 256/worker_connections 1024/'
edit $production/site/index.html 's/ \(staging\)//'
commit "Add the production environment"
at "2025-03-06T11:30:00+0100"
take $production/site/robots.txt
commit "Let search engines in"
back
tomasz; at "2025-03-06T15:41:19+0100"
merge promote/first-page "Promote the first page to production" \
  "Reviewed-by: Tomasz Lewandowski <tomasz.lewandowski@shop.example>"

zoe_ascii; at "2025-03-10T08:55:27+0100"
edit $production/site/index.html 's/Opening soon\./We open on 1 April./'
edit $staging/site/index.html 's/Opening soon\./We open on 1 April./'
commit "Announce the opening"

# --- March: checkout, and its database ---

priya; at "2025-03-11T10:04:00+0100"
branch checkout
take migrations/000001_create_orders.up.sql migrations/000001_create_orders.down.sql
commit "Create the orders table"
at "2025-03-12T16:37:48+0100"
take $staging/checkout.yaml
edit $staging/checkout.yaml '/^features:/,/^$/d' '/^cart:/,/^$/d' 's/version: .*/version: "2.1.0"/' 's/size: 2/size: 1/' \
  '/PAY-212/d' 's/timeout: 5s/timeout: 3s/' 's/\[EUR, PLN, SEK\]/[EUR]/'
commit "Configure checkout in staging"
tomasz; at "2025-03-13T09:30:15+0100"
take $staging/nginx.conf
edit $staging/nginx.conf '/include limits.conf/,+1d' '/limit_req/d' '/X-Frame-Options/d' '/Not rate limited/,/^    }/d' \
  '/proxy_read_timeout/d'
commit "Pass /api to checkout" "Co-authored-by: Priya Nair <priya.nair@shop.example>"
back
ana; at "2025-03-13T10:12:09+0100"
take .mailmap
edit .mailmap '/Zo/d' '/> tlew/d'
commit "Map Tomasz's two addresses to one"
at "2025-03-14T13:08:52+0100"
merge checkout "Merge branch 'checkout'" "The service, its table and its place behind nginx; staging only." \
  "Reviewed-by: Ana Ribeiro <ana.ribeiro@shop.example>"

tomasz; at "2025-03-17T09:44:31+0100"
take $staging/nginx.conf
edit $staging/nginx.conf '/include limits.conf/,+1d' '/limit_req/d' '/X-Frame-Options/d'
commit "Ask checkout for its health through nginx" \
  "A host that answers pages but can't take an order isn't healthy." \
  "Reviewed-by: Priya Nair <priya.nair@shop.example>"

priya; at "2025-03-18T15:20:40+0100"
take migrations/000002_add_order_lines.up.sql migrations/000002_add_order_lines.down.sql
commit "Keep the lines of an order"

ana; at "2025-03-24T10:31:22+0100"
branch promote/checkout-2.1.0
cp $staging/checkout.yaml $production/checkout.yaml
edit $production/checkout.yaml 's/staging/production/' 's/size: 1/size: 4/' 's/level: debug/level: info/'
cp $staging/nginx.conf $production/nginx.conf
edit $production/nginx.conf 's/in staging/in production/' 's/worker_processes 1/worker_processes 2/' \
  's/worker_connections 256/worker_connections 1024/'
commit "Bring checkout 2.1.0 to production"
back
priya; at "2025-03-25T09:02:17+0100"
merge promote/checkout-2.1.0 "Promote checkout 2.1.0 to production" \
  "Migrations 1 and 2 have run." \
  "Reviewed-by: Priya Nair <priya.nair@shop.example>
Reviewed-by: Tomasz Lewandowski <tomasz.lewandowski@shop.example>"

zoe; at "2025-04-01T07:00:03+0200"
edit $production/site/index.html 's/We open on 1 April\./We are open!/'
commit "Open the shop"

# --- April: the first bad day ---

tomasz_at_home; at "2025-04-02T21:16:55+0200"
edit $production/checkout.yaml 's/size: 4/size: 6/'
commit "Serve six requests at once in production" \
  "Orders waited for a worker since 20:40. Two hosts: 12 connections, the database allows 60."

priya; at "2025-04-07T10:15:36+0200"
take migrations/000003_index_orders_by_customer.up.sql migrations/000003_index_orders_by_customer.down.sql
commit "Index orders by customer" "\"My orders\" took 1.4 s for customers with many orders; now 9 ms." \
  "Reviewed-by: Ana Ribeiro <ana.ribeiro@shop.example>"

tomasz; at "2025-04-08T14:49:02+0200"
branch limits
take $staging/limits.conf $staging/nginx.conf
edit $staging/nginx.conf '/X-Frame-Options/d'
edit $staging/limits.conf '/client_max_body_size/d'
commit "Limit what one address may ask of the API"
at "2025-04-08T16:03:40+0200"
take $staging/limits.conf
commit "Refuse bodies of more than 256 kB" "The largest order ever sent was 31 kB."
back
zoe; at "2025-04-09T09:20:18+0200"
take $staging/mime.types
cp $staging/mime.types $production/mime.types
commit "Know the types of WebP images and fonts"
ana; at "2025-04-09T11:56:44+0200"
merge limits "Merge branch 'limits'" "Reviewed-by: Ana Ribeiro <ana.ribeiro@shop.example>"

tomasz; at "2025-04-14T10:40:27+0200"
take $production/limits.conf
edit $production/limits.conf 's/50r/10r/' 's/; offices share one address//'
take $production/nginx.conf
edit $production/nginx.conf '/X-Frame-Options/d' 's/burst=40/burst=10/'
commit "Promote the limits to production" "Reviewed-by: Ana Ribeiro <ana.ribeiro@shop.example>"

priya; at "2025-04-14T13:27:59+0200"
edit $production/limits.conf 's/10r/50r/' 's/API\./API; offices share one address./'
edit $production/nginx.conf 's/burst=10/burst=40/'
commit "Raise production's limit: offices share one address" \
  "A school ordered for three classes at once and was answered 429." \
  "Fixes: SHOP-341"

# --- May and June: gift cards, and a revert by hand ---

priya; at "2025-05-05T09:33:10+0200"
branch gift-cards
take migrations/000004_add_gift_cards.up.sql migrations/000004_add_gift_cards.down.sql
commit "Store the gift card of an order"
zoe; at "2025-05-06T14:11:45+0200"
edit $staging/checkout.yaml 's/^log:/features:\n  giftCards: true\n  expressCheckout: false\n\nlog:/'
commit "Switch gift cards on in staging" "Co-authored-by: Priya Nair <priya.nair@shop.example>"
back
bot; at "2025-05-06T18:00:00+0000"
edit $staging/checkout.yaml 's/"2\.1\.0"/"2.2.0"/'
commit "Set checkout to 2.2.0 in staging"
ana; at "2025-05-07T10:08:20+0200"
merge gift-cards "Merge branch 'gift-cards'" "Reviewed-by: Ana Ribeiro <ana.ribeiro@shop.example>"

bot; at "2025-05-13T08:00:00+0000"
edit $production/checkout.yaml 's/"2\.1\.0"/"2.2.0"/' 's/^log:/features:\n  giftCards: true\n  expressCheckout: false\n\nlog:/'
commit "Promote checkout 2.2.0 to production" "Reviewed-by: Priya Nair <priya.nair@shop.example>"

zoe; at "2025-06-03T16:58:37+0200"
edit $production/checkout.yaml 's/expressCheckout: false/expressCheckout: true/'
edit $staging/checkout.yaml 's/expressCheckout: false/expressCheckout: true/'
commit "Switch express checkout on"
switched_on=$(git rev-parse HEAD)

tomasz; at "2025-06-03T17:34:12+0200"
git revert --no-commit "$switched_on"
git checkout --quiet HEAD -- $staging/checkout.yaml
commit "Revert \"Switch express checkout on\"" \
  "This reverts commit $switched_on for production.

Express orders skip the address check, and 14 parcels had nowhere to go. It stays on in staging." \
  "Reviewed-by: Zoë Lindqvist <zoe.lindqvist@shop.example>"

# --- Summer: slower payments, more countries, a cluster in sight ---

priya; at "2025-06-17T11:21:08+0200"
for environment in $staging $production; do
  edit "$environment/checkout.yaml" 's/timeout: 3s/timeout: 5s/' \
    's/^(  provider: paynow)/\1\n  # The provider promises 4 s; PAY-212 has the figures./'
done
commit "Wait for the payment provider as long as it promises" \
  "3 s was a guess; one payment in 200 was cut off and charged all the same." \
  "Fixes: PAY-212
Reviewed-by: Tomasz Lewandowski <tomasz.lewandowski@shop.example>"

ana; at "2025-06-24T09:50:00+0200"
branch cluster
take k8s
edit k8s/base/kustomization.yaml '/disruption/d' 's/2\.4\.1/2.2.0/'
edit k8s/overlays/production/kustomization.yaml '/^patches/,$d'
rm k8s/base/disruption-budget.yaml k8s/overlays/production/resources.yaml
commit "Describe checkout for a cluster" "Nothing reads this yet; the hosts stay until it has run beside them for a month."
at "2025-06-26T15:15:42+0200"
take k8s/base/disruption-budget.yaml k8s/overlays/production/kustomization.yaml k8s/overlays/production/resources.yaml
edit k8s/base/kustomization.yaml 's/^(  - service.yaml)/\1\n  - disruption-budget.yaml/'
commit "Give production's checkout room, and keep one running while nodes are drained"
back
zoe; at "2025-06-30T10:02:11+0200"
edit $production/checkout.yaml 's/\[EUR\]/[EUR, PLN]/'
edit $staging/checkout.yaml 's/\[EUR\]/[EUR, PLN]/'
commit "Take złoty" "Reviewed-by: Priya Nair <priya.nair@shop.example>"
tomasz; at "2025-07-01T13:44:56+0200"
merge cluster "Merge branch 'cluster'" "Reviewed-by: Tomasz Lewandowski <tomasz.lewandowski@shop.example>"

ana; at "2025-07-02T09:14:23+0200"
take README.md CODEOWNERS .mailmap
commit "Say who owns what, and the rules of this repository"

bot; at "2025-08-12T08:00:00+0000"
edit $staging/checkout.yaml 's/"2\.2\.0"/"2.4.1"/' 's/size: 1/size: 2/' 's/^features:/cart:\n  maxItems: 50\n\nfeatures:/'
commit "Set checkout to 2.4.1 in staging"

priya; at "2025-08-18T10:26:30+0200"
take migrations/000005_add_payment_reference.up.sql migrations/000005_add_payment_reference.down.sql
commit "Remember the payment provider's reference" "Reviewed-by: Ana Ribeiro <ana.ribeiro@shop.example>"

bot; at "2025-08-20T08:00:00+0000"
branch promote/checkout-2.4.1
edit $production/checkout.yaml 's/"2\.2\.0"/"2.4.1"/' 's/^features:/cart:\n  maxItems: 50\n\nfeatures:/'
edit k8s/base/kustomization.yaml 's/2\.2\.0/2.4.1/'
commit "Set checkout to 2.4.1 in production"
tomasz; at "2025-08-20T10:40:05+0200"
edit $production/checkout.yaml 's/size: 6/size: 8/'
commit "Serve eight requests at once in production" "2.4.1 holds a connection for less long: 16 of 60 in the test under load."
back
priya; at "2025-08-21T09:05:51+0200"
merge promote/checkout-2.4.1 "Promote checkout 2.4.1 to production" "Migration 5 has run." \
  "Reviewed-by: Priya Nair <priya.nair@shop.example>
Reviewed-by: Ana Ribeiro <ana.ribeiro@shop.example>"

tomasz; at "2025-09-02T11:37:14+0200"
take $staging/nginx.conf $production/nginx.conf
commit "Refuse to be framed" "From the security review; every page that we have was tried." \
  "Reviewed-by: Zoë Lindqvist <zoe.lindqvist@shop.example>"

zoe; at "2025-09-08T08:30:00+0200"
for environment in $staging $production; do edit "$environment/checkout.yaml" 's/\[EUR, PLN\]/[EUR, PLN, SEK]/'; done
commit "Take kronor" "Reviewed-by: Priya Nair <priya.nair@shop.example>"

bot; at "2025-09-15T08:00:00+0000"
edit $staging/checkout.yaml 's/"2\.4\.1"/"2.5.0-rc.1"/'
commit "Set checkout to 2.5.0-rc.1 in staging"

zoe; at "2025-09-22T07:45:39+0200"
take $production/site/index.html $staging/site/index.html
commit "Announce the autumn stock"
