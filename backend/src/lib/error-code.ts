/** The code of an error of Node or SQLite, such as `ENOENT` or `SQLITE_BUSY`; `undefined` if it has none. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
