import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { jwtVerify, SignJWT } from 'jose'

const ALGORITHM = 'HS256'
const TYPE = 'octo-access+jwt'
const ISSUER = 'octo'
const AUDIENCE = 'octo-browser'
const KEY_BYTES = 32

/** A short life, because between two looks at the login's row the token alone speaks for its bearer. */
export const ACCESS_SECONDS = 600

/** Signs and checks the short-lived tokens that stand for a login. */
export class AccessTokens {
  readonly #key: Uint8Array

  constructor(key: Uint8Array) {
    if (key.byteLength < KEY_BYTES) throw new Error(`the token key must have ${KEY_BYTES} bytes`)
    this.#key = key
  }

  sign(login: string): Promise<string> {
    return new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setSubject(login)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setJti(crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${ACCESS_SECONDS}s`)
      .sign(this.#key)
  }

  /** @returns the id of the login it stands for, or `null` if it is not one of ours or too old */
  async verify(token: string): Promise<string | null> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['exp', 'iat', 'jti', 'sub'],
        maxTokenAge: ACCESS_SECONDS,
      })
      return payload.sub ?? null
    } catch {
      // Whatever is wrong with it, to the bearer it is the same: not logged in.
      return null
    }
  }
}

/** Reads the signing key, or makes it at the first start. */
export function openTokenKey(path: string): Uint8Array {
  if (!existsSync(path)) writeFileSync(path, randomBytes(KEY_BYTES), { mode: 0o600, flag: 'wx' })
  return readFileSync(path)
}
