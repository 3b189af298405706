#define _GNU_SOURCE
#include "CLinux.h"
#include <stdio.h>
#include <unistd.h>

int mooring_syncfs(int descriptor) { return syncfs(descriptor); }

int mooring_exchange(int folder, const char *one, const char *other) {
  return renameat2(folder, one, folder, other, RENAME_EXCHANGE);
}
