import { type ErrorCode, OctoError } from '@octo/protocol'

/** What the system's refusals mean to whoever asked, and what to do about them. */
const known: Readonly<Record<string, { readonly code: ErrorCode; readonly says: string }>> = {
  ENOENT: { code: 'not_found', says: 'is not there (any more)' },
  ENOTDIR: { code: 'not_a_folder', says: 'is not a folder' },
  EISDIR: { code: 'not_a_file', says: 'is a folder' },
  EEXIST: { code: 'exists', says: 'is there already; choose another name' },
  ENOTEMPTY: { code: 'exists', says: 'is there already; choose another name' },
  EACCES: { code: 'permission_denied', says: 'is not yours to open or change' },
  EPERM: { code: 'permission_denied', says: 'is not yours to open or change' },
  EROFS: { code: 'permission_denied', says: 'lies on a file system that is read-only' },
  ETXTBSY: { code: 'busy', says: 'is running; try again when it has ended' },
  EBUSY: { code: 'busy', says: 'is in use by the system' },
  ENOSPC: { code: 'no_space', says: 'does not fit: the disk is full. Free some space and try again' },
  EDQUOT: { code: 'no_space', says: 'does not fit: your disk quota is used up. Free some space and try again' },
  EFBIG: { code: 'too_large', says: 'is larger than the file system allows' },
  ENAMETOOLONG: { code: 'bad_request', says: 'has a name or path longer than the file system allows' },
  EINVAL: { code: 'bad_request', says: 'cannot be used here' },
  ELOOP: { code: 'not_found', says: 'is a link that leads in a circle' },
  EXDEV: { code: 'unsupported', says: 'lies on another file system; copy it there and delete it here' },
  ENXIO: { code: 'special_file', says: 'is a device or socket, not a file' },
  EMFILE: { code: 'overloaded', says: 'cannot be opened: too many files are open. Try again in a moment' },
  ENFILE: { code: 'overloaded', says: 'cannot be opened: too many files are open. Try again in a moment' },
}

/** The longest piece of a path a message repeats; what is longer helps nobody. */
const MAX_SHOWN_CHARS = 200

/** How messages name a path. */
export function named(path: string): string {
  if (path === '') return 'The workspace'
  return `"${path.length > MAX_SHOWN_CHARS ? `…${path.slice(-MAX_SHOWN_CHARS)}` : path}"`
}

/** Whether an error is the system's refusal with one of these codes, such as `ENOENT`. */
export function isSystemError(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

/** What to throw for a failure that concerns `path`: the system's refusals as an OctoError, all else as it is. */
export function fileFault(error: unknown, path: string): unknown {
  if (error instanceof OctoError || !(error instanceof Error) || !('code' in error)) return error
  const fault = known[String(error.code)]
  return fault === undefined ? error : new OctoError(fault.code, `${named(path)} ${fault.says}.`, { cause: error })
}

/**
 * Runs work on a path.
 * @throws OctoError in place of what the system says when it refuses
 */
export async function onPath<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    throw fileFault(error, path)
  }
}
