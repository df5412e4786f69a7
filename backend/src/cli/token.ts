import { createToken, listTokens, revokeToken } from '../accounts/index.ts'
import { withAccounts } from './open-accounts.ts'

interface HomeOption {
  readonly home?: string
}

/** Prints a new token, and what it is on the standard error. @throws OctoError `not_found` if there is no such user */
export async function printNewToken(options: HomeOption & { readonly user: string; readonly label: string }) {
  const { id, token } = await withAccounts(options, (database) => createToken(database, options))
  process.stderr.write(`Token ${id} of ${options.user}. It is shown this once:\n`)
  process.stdout.write(`${token}\n`)
}

/** Prints what is known of tokens. */
export async function printTokens(options: HomeOption & { readonly user?: string; readonly json?: true }) {
  const tokens = await withAccounts(options, (database) => listTokens(database, options.user))
  if (options.json) {
    process.stdout.write(`${JSON.stringify(tokens)}\n`)
    return
  }
  for (const { id, user, label, createdAt, lastUsedAt } of tokens) {
    const used = lastUsedAt === null ? 'never used' : `used ${dateOf(lastUsedAt)}`
    process.stdout.write(`${id}  ${user}  made ${dateOf(createdAt)}, ${used}  ${label}\n`)
  }
}

/** @throws OctoError `not_found` if there is no such token */
export async function revoke(id: string, options: HomeOption): Promise<void> {
  await withAccounts(options, (database) => revokeToken(database, id))
  process.stdout.write(`Revoked ${id}.\n`)
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
