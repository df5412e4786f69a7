import { randomUUID } from 'node:crypto'

/** Where deleted files wait if they cannot be moved to the runner's own trash, on a file system of their own. */
export const TRASH_FOLDER = '.octo-trash'

const PARTIAL = /^\.octo-[\da-f-]{36}\.partial$/u

/** A name for content that is still being written; nobody is shown it. */
export function partialName(): string {
  return `.octo-${randomUUID()}.partial`
}

/** Names of octo's own that no list, search or notice shows. */
export function isHidden(name: string): boolean {
  return name === TRASH_FOLDER || PARTIAL.test(name)
}
