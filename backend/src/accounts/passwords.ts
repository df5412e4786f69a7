import { hash, verify } from '@node-rs/argon2'

/**
 * The first recommendation of OWASP's password storage cheat sheet: argon2id (the library's default) with 19 MiB, two
 * passes, one lane.
 */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

export function hashPassword(password: string): Promise<string> {
  return hash(password, OPTIONS)
}

/** A hash of something nobody can enter, for user names that are not there. */
let nobody: Promise<string> | null = null

/**
 * Checks a password. Without a stored hash it works as long and answers false, so that time does not tell who has an
 * account.
 */
export async function checkPassword(password: string, stored: string | undefined): Promise<boolean> {
  nobody ??= hashPassword(crypto.randomUUID())
  const matches = await verify(stored ?? (await nobody), password)
  return matches && stored !== undefined
}
