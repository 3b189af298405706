#define _GNU_SOURCE
#include "CLinux.h"
#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

int mooring_syncfs(int descriptor) { return syncfs(descriptor); }

int mooring_exchange(int folder, const char *one, const char *other) {
  return renameat2(folder, one, folder, other, RENAME_EXCHANGE);
}

void mooring_give_memory_back(void) { malloc_trim(0); }
