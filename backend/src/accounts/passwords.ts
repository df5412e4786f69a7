import { OctoError } from '@octo/protocol'

/** Each hash takes 19 MiB and a core for some 20 ms: two at a time leave cores for everything else. */
const MAX_RUNNING = 2
/** Beyond this the last in the queue would wait for seconds; a flood of logins is turned away instead. */
const MAX_WAITING = 100

/** Argon2id, with what its specification's second recommended option for servers becomes at 19 MiB. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

let running = 0
const waiting: (() => void)[] = []

/**
 * Hashes a password for storing.
 * @throws OctoError `overloaded` if too many wait already
 */
export async function hashPassword(password: string): Promise<string> {
  const { hash } = await import('@node-rs/argon2')
  return inTurn(() => hash(password.normalize('NFC'), COST))
}

/**
 * Compares a password with a stored hash. Without a hash, for a user that does not exist, it does the same work: the
 * time tells nothing.
 * @throws OctoError `overloaded` if too many wait already
 */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  if (stored === undefined) {
    await hashPassword(password)
    return false
  }
  const { verify } = await import('@node-rs/argon2')
  return inTurn(() => verify(stored, password.normalize('NFC')))
}

async function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
  if (running >= MAX_RUNNING) {
    if (waiting.length >= MAX_WAITING) throw new OctoError('overloaded', 'Too many logins at once. Try again shortly.')
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else running += 1
  try {
    return await work()
  } finally {
    // A slot that is handed on stays taken.
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }
}
