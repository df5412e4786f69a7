import { OctoError } from '@octo/protocol/client'

/** Takes a caught value as the error it is; what is none of ours becomes `internal`, its cause kept. */
export function toOctoError(error: unknown): OctoError {
  if (error instanceof OctoError) return error
  return new OctoError('internal', 'Something failed in this page. Reload it if this happens again.', { cause: error })
}
