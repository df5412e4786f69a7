import type { HttpBindings } from '@hono/node-server'
import type { Caller } from './accounts/authenticate.ts'

/** What a request carries through the backend's routes. */
export interface HttpEnv {
  readonly Bindings: HttpBindings
  readonly Variables: {
    /** The address it came from. */
    readonly address: string
    /** Who asks. @throws OctoError `unauthenticated` */
    readonly caller: () => Promise<Caller>
  }
}
