import { describe, expect, test } from 'vitest'
import { explainFailure } from './stop.mjs'

describe('a failing step is explained in one sentence', () => {
  test.each([
    ['ERR_PNPM_ENOSPC  ENOSPC: no space left on device, write', /^Installing failed because the disk is full: free /],
    ['No space left\n      on device (os\n      error 28)', /disk is full/],
    ["EROFS: read-only file system, mkdir '/checkout/.octo'", /file system is read-only: use a checkout /],
    ["EACCES: permission denied, mkdir '/nonexistent/.npm'", /cannot be written: make this checkout /],
    ['npm error code EAI_AGAIN\nnpm error syscall getaddrinfo', /registry cannot be reached: connect /],
  ])('%s', (output, sentence) => {
    expect(explainFailure('Installing', output)).toMatch(sentence)
  })

  test('unless only its own output tells the cause', () => {
    expect(explainFailure('Building', 'src/a.ts(1,1): error TS2304: The type "EACCES" is not assignable.')).toBeNull()
  })
})
