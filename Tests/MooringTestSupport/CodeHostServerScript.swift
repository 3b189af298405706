/// A small host of code for tests: answers as the published API documents say, and merges with the real git.
enum CodeHostServerScript {
  static let text = #"""
    import http.server, json, os, subprocess, sys, threading, time, urllib.parse
    o = json.loads(sys.argv[1])
    folder, repo, kind, token = o["folder"], o["repository"], o["provider"], o["token"]
    lock, reviews = threading.Lock(), []

    def git(*a):
        env = dict(os.environ, GIT_AUTHOR_NAME="Host", GIT_AUTHOR_EMAIL="host@example.com",
                   GIT_COMMITTER_NAME="Host", GIT_COMMITTER_EMAIL="host@example.com")
        return subprocess.run(["git", "--git-dir", repo, *a], check=True, env=env, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE).stdout.decode().strip()

    # What a host does when it merges: a merge commit, one commit of all, or the same commit anew on the branch.
    def merge(r, method):
        base, head = git("rev-parse", "refs/heads/" + r["base"]), git("rev-parse", "refs/heads/" + r["branch"])
        tree = git("merge-tree", "--write-tree", base, head).split("\n")[0]
        message = {"merge": "Merge #%d" % r["number"], "squash": "%s (#%d)" % (r["title"], r["number"]),
                   "rebase": git("log", "-1", "--format=%B", head)}[method]
        commit = git("commit-tree", tree, "-p", base, *(["-p", head] if method == "merge" else []), "-m", message)
        git("update-ref", "refs/heads/" + r["base"], commit, base)
        r.update(state="closed", merged=True, commit=commit, scheduled=False, head=head, method=method)

    def head(r):
        try: return git("rev-parse", "--verify", "refs/heads/" + r["branch"])
        except subprocess.CalledProcessError: return r["head"]

    # https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
    def github(r):
        return {"number": r["number"], "state": r["state"], "merged": r["merged"], "node_id": "PR_%d" % r["number"],
                "merged_at": "2026-01-01T00:00:00Z" if r["merged"] else None, "html_url": "https://host.example/o/n/pull/%d" % r["number"],
                "merge_commit_sha": r["commit"], "title": r["title"], "body": r["body"],
                "auto_merge": {"merge_method": "merge"} if r["scheduled"] else None,
                "head": {"ref": r["branch"], "sha": head(r)}, "base": {"ref": r["base"]}}
    # https://docs.gitlab.com/api/merge_requests/#get-single-mr
    def gitlab(r):
        squash = r["merged"] and r.get("method") == "squash"
        return {"iid": r["number"], "id": 1000 + r["number"], "state": "merged" if r["merged"] else "closed" if r["state"] == "closed" else "opened",
                "web_url": "https://host.example/o/n/-/merge_requests/%d" % r["number"], "sha": head(r),
                "merge_commit_sha": None if squash else r["commit"], "squash_commit_sha": r["commit"] if squash else None,
                "merge_when_pipeline_succeeds": r["scheduled"], "title": r["title"], "description": r["body"],
                "source_branch": r["branch"], "target_branch": r["base"]}
    # https://docs.gitea.com/api/ (PullRequest)
    def gitea(r):
        return {"number": r["number"], "state": r["state"], "merged": r["merged"], "merge_commit_sha": r["commit"],
                "html_url": "https://host.example/o/n/pulls/%d" % r["number"], "title": r["title"], "body": r["body"],
                "head": {"ref": r["branch"], "sha": head(r)}, "base": {"ref": r["base"]}}
    shape = {"github": github, "gitlab": gitlab, "gitea": gitea}[kind]

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        def log_message(self, *a): pass
        def say(self, code, value=None, headers={}):
            body = b"" if value is None else value.encode() if isinstance(value, str) else json.dumps(value).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            for k, v in headers.items(): self.send_header(k, v)
            self.end_headers()
            self.wfile.write(body)
        def answer(self):
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
            with open(folder + "/log", "a") as f: f.write(json.dumps([self.command, self.path, body]) + "\n")
            if os.path.exists(folder + "/fail"):
                fail = json.load(open(folder + "/fail"))
                if fail.get("hang"): time.sleep(30); self.close_connection = True; return
                return self.say(fail["status"], fail.get("body", ""), fail.get("headers", {}))
            with lock:
                self.act()
                shown = {"github": ("authorization", "Bearer " + token), "gitlab": ("private-token", token),
                         "gitea": ("authorization", "token " + token)}[kind]
                # 401: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api, and likewise
                # https://docs.gitlab.com/api/rest/troubleshooting/#status-codes
                if self.headers.get(shown[0]) != shown[1]: return self.say(401, {"message": "Bad credentials"})
                try: {"github": self.github, "gitlab": self.gitlab, "gitea": self.gitea}[kind](body)
                except subprocess.CalledProcessError as error: self.say(409, {"message": error.stderr.decode()})
                finally:
                    with open(folder + "/reviews.new", "w") as f: json.dump(reviews, f)
                    os.replace(folder + "/reviews.new", folder + "/reviews")
        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer
        # What people do meanwhile.
        def act(self):
            path = folder + "/act"
            if not os.path.exists(path): return
            words = open(path).read().split(); os.remove(path)
            r = reviews[int(words.pop()[1:]) - 1 if words[-1][0] == "#" else -1] if reviews else None
            if words[0] == "close" and not r["merged"]: r["state"] = "closed"
            elif words[0] == "reopen" and not r["merged"] and self.there(r["branch"]): r["state"] = "open"
            elif words[0] == "merge" and r["state"] == "open": self.merge(r, (words + ["merge"])[1])
            elif words[0] == "settle":
                for r in reviews:
                    if r["state"] == "open" and not self.merge(r, "merge"): r["state"] = "closed"
        def there(self, branch):
            return subprocess.run(["git", "--git-dir", repo, "rev-parse", "--verify", "--quiet", "refs/heads/" + branch],
                                  stdout=subprocess.DEVNULL).returncode == 0
        # What conflicts can't be merged.
        def merge(self, r, method):
            try: merge(r, method); return True
            except subprocess.CalledProcessError: return False
        # What hosts do with a branch that is asked to go: what is open for it is closed.
        def delete(self, branch, gone):
            if not self.there(branch): return self.say(*gone)
            git("update-ref", "-d", "refs/heads/" + branch)
            for r in reviews:
                if r["branch"] == branch and r["state"] == "open": r["state"] = "closed"
            self.say(204)
        def comment(self, number, body):
            reviews[number - 1]["comments"].append(body["body"])
            self.say(201, {"id": len(reviews[number - 1]["comments"]), "body": body["body"]})
        def make(self, title, body, branch, base):
            if any(r["branch"] == branch and r["state"] == "open" for r in reviews): return None
            r = {"number": len(reviews) + 1, "title": title, "body": body, "branch": branch, "base": base, "state": "open",
                 "merged": False, "commit": None, "comments": [], "scheduled": False, "head": git("rev-parse", "refs/heads/" + branch)}
            reviews.append(r)
            return r
        def schedule(self, r, method):
            if os.path.exists(folder + "/ready"): merge(r, method); return True
            r["scheduled"] = True
            return False
        def parts(self):
            url = urllib.parse.urlsplit(self.path)
            return url.path.split("/")[1:], urllib.parse.parse_qs(url.query)

        def github(self, body):
            path, query = self.parts()
            if path == ["graphql"]:
                # https://docs.github.com/en/graphql/reference/mutations#enablepullrequestautomerge; what is mergeable
                # already is refused with "Pull request is in clean status".
                r = reviews[int(body["variables"]["id"][3:]) - 1]
                if os.path.exists(folder + "/ready"):
                    return self.say(200, {"data": {"enablePullRequestAutoMerge": None}, "errors": [
                        {"type": "UNPROCESSABLE", "message": "Pull request Pull request is in clean status"}]})
                r["scheduled"] = True
                return self.say(200, {"data": {"enablePullRequestAutoMerge": {"clientMutationId": None}}})
            if path[:4] == ["repos", "o", "n", "issues"] and path[5:] == ["comments"]:
                # https://docs.github.com/en/rest/issues/comments#create-an-issue-comment: 201
                return self.comment(int(path[4]), body)
            if path[:6] == ["repos", "o", "n", "git", "refs", "heads"] and self.command == "DELETE":
                # https://docs.github.com/en/rest/git/refs#delete-a-reference: 204, 422 where there is none
                return self.delete("/".join(path[6:]), (422, {"message": "Reference does not exist", "status": "422"}))
            if path[:4] != ["repos", "o", "n", "pulls"]: return self.say(404, {"message": "Not Found", "status": "404"})
            if self.command == "POST":
                # https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request: 201, 422 where there is one
                r = self.make(body["title"], body["body"], body["head"], body["base"])
                if r: return self.say(201, github(r))
                return self.say(422, {"message": "Validation Failed", "errors": [{"resource": "PullRequest", "code": "custom",
                    "message": "A pull request already exists for o:%s." % body["head"]}]})
            if len(path) == 4:
                # https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
                wanted = query["head"][0].split(":")[1]
                return self.say(200, [github(r) for r in reversed(reviews) if r["branch"] == wanted])
            r = reviews[int(path[4]) - 1]
            if self.command == "PUT":
                # https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request: 405 not mergeable, 409 another head
                if body["sha"] != head(r): return self.say(409, {"message": "Head branch was modified. Review and try the merge again."})
                if not os.path.exists(folder + "/ready"): return self.say(405, {"message": "Pull Request is not mergeable"})
                merge(r, body["merge_method"])
                return self.say(200, {"sha": r["commit"], "merged": True, "message": "Pull Request successfully merged"})
            if self.command == "PATCH":
                # https://docs.github.com/en/rest/pulls/pulls#update-a-pull-request: 200
                if not r["merged"]: r["state"] = body["state"]
            self.say(200, github(r))

        def gitlab(self, body):
            path, query = self.parts()
            if path[:4] == ["projects", "o%2Fn", "repository", "branches"] and self.command == "DELETE":
                # https://docs.gitlab.com/api/branches/#delete-repository-branch: 204, 404 where there is none
                return self.delete(urllib.parse.unquote(path[4]), (404, {"message": "404 Branch Not Found"}))
            if path[:3] != ["projects", "o%2Fn", "merge_requests"]: return self.say(404, {"message": "404 Project Not Found"})
            if path[4:] == ["notes"]:
                # https://docs.gitlab.com/api/notes/#create-new-merge-request-note: 201
                return self.comment(int(path[3]), body)
            if self.command == "POST":
                # https://docs.gitlab.com/api/merge_requests/#create-mr: 201, 409 where there is one
                r = self.make(body["title"], body["description"], body["source_branch"], body["target_branch"])
                if r: return self.say(201, gitlab(r))
                return self.say(409, {"message": ["Another open merge request already exists for this source branch: !1"]})
            if len(path) == 3:
                # https://docs.gitlab.com/api/merge_requests/#list-project-merge-requests
                return self.say(200, [gitlab(r) for r in reversed(reviews) if r["branch"] == query["source_branch"][0]])
            r = reviews[int(path[3]) - 1]
            if self.command == "PUT" and len(path) == 4:
                # https://docs.gitlab.com/api/merge_requests/#update-mr: 200
                if body["state_event"] == "close" and not r["merged"]: r["state"] = "closed"
                return self.say(200, gitlab(r))
            if self.command == "PUT":
                # https://docs.gitlab.com/api/merge_requests/#merge-a-merge-request: directly after it was made it
                # isn't ready (405), see https://gitlab.com/gitlab-org/gitlab/-/issues/353984; 409 another head
                if body["sha"] != head(r): return self.say(409, {"message": "SHA does not match HEAD of source branch: %s" % head(r)})
                if not r.get("asked"): r["asked"] = True; return self.say(405, {"message": "405 Method Not Allowed"})
                self.schedule(r, "squash" if body["squash"] else "merge")
            self.say(200, gitlab(r))

        def gitea(self, body):
            path, query = self.parts()
            if path[:4] == ["repos", "o", "n", "issues"] and path[5:] == ["comments"]:
                # issueCreateComment: 201
                return self.comment(int(path[4]), body)
            if path[:4] == ["repos", "o", "n", "branches"] and self.command == "DELETE":
                # repoDeleteBranch: 204, 404 where there is none
                return self.delete("/".join(path[4:]), (404, {"message": "The target couldn't be found."}))
            if path[:4] != ["repos", "o", "n", "pulls"]: return self.say(404, {"message": "The target couldn't be found."})
            if self.command == "POST" and len(path) == 4:
                # https://docs.gitea.com/api/ (repoCreatePullRequest): 201, 409 where there is one
                r = self.make(body["title"], body["body"], body["head"], body["base"])
                if r: return self.say(201, gitea(r))
                return self.say(409, {"message": "pull request already exists for these targets [id: 1, issue_id: 1]"})
            if len(path) == 6 and path[5] != "merge":
                # repoGetPullRequestByBaseHead: 404 where there is none
                found = [r for r in reversed(reviews) if r["branch"] == urllib.parse.unquote(path[5])]
                return self.say(200, gitea(found[0])) if found else self.say(404, {"message": "The target couldn't be found."})
            r = reviews[int(path[4]) - 1]
            if self.command == "POST":
                # repoMergePullRequest: 200 merged, 201 scheduled, 405 not mergeable, 409 scheduled already or another head
                if body["head_commit_id"] != head(r): return self.say(409, {"message": "head out of date"})
                if r["scheduled"]: return self.say(409, {"message": "The auto merge request has already been scheduled"})
                return self.say(200 if self.schedule(r, body["Do"]) else 201)
            if self.command == "PATCH":
                # repoEditPullRequest: 201
                if not r["merged"]: r["state"] = body["state"]
                return self.say(201, gitea(r))
            self.say(200, gitea(r))

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    server.serve_forever()
    """#
}
