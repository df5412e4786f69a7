import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 bits in characters that need no escaping anywhere. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored of a random secret: it has enough entropy that no slow hash is needed. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** Compares a secret with a stored hash in constant time. */
export function matchesHash(secret: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(secret)), Buffer.from(hash))
}
