import { randomUUID } from 'node:crypto'
import { LoginId, OctoError, UserId } from '@octo/protocol'
import { z } from 'zod'

/** How long a cookie works without asking the database's refresh tokens; logins that ended are refused at once anyway. */
export const ACCESS_TOKEN_SECONDS = 600

/** Clocks of one machine do not differ; this is for one that is set back a little. */
const CLOCK_TOLERANCE_SECONDS = 5

const ALGORITHM = 'HS256'
const TYPE = 'at+jwt'
/** Algorithm and type; a token that says more about itself was not made by us. */
const OUR_HEADERS = 2
const ISSUER = 'octo'
const AUDIENCE = 'octo-browser'

const Claims = z.object({ sub: UserId, sid: LoginId })

export interface AccessClaims {
  readonly user: UserId
  readonly login: LoginId
}

/** Issues the short-lived token of a login. */
export async function signAccessToken(claims: AccessClaims, key: Uint8Array): Promise<string> {
  const { SignJWT } = await import('jose')
  return new SignJWT({ sid: claims.login })
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
    .setSubject(claims.user)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${ACCESS_TOKEN_SECONDS} s`)
    .sign(key)
}

/**
 * Reads a short-lived token; everything about it is pinned, nothing in it chooses how it is checked.
 * @throws OctoError `unauthenticated` if it is not one of ours or too old
 */
export async function verifyAccessToken(token: string, key: Uint8Array): Promise<AccessClaims> {
  const { errors, jwtVerify } = await import('jose')
  try {
    const { payload, protectedHeader } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      typ: TYPE,
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ['exp', 'iat', 'jti', 'sub', 'sid'],
      // A token that claims to live longer than ours do was not made by us.
      maxTokenAge: ACCESS_TOKEN_SECONDS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    })
    const claims = Claims.safeParse(payload)
    if (!claims.success || Object.keys(protectedHeader).length !== OUR_HEADERS) throw renewalNeeded(claims.error)
    return { user: claims.data.sub, login: claims.data.sid }
  } catch (error) {
    if (error instanceof errors.JOSEError) throw renewalNeeded(error)
    throw error
  }
}

function renewalNeeded(cause?: Error): OctoError {
  return new OctoError('unauthenticated', 'Your login has to be renewed.', { cause })
}
