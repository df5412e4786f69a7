import type { RunnerHealth, User } from '@octo/protocol'

/** A runner that answers. */
export interface FoundRunner {
  readonly socketPath: string
  readonly health: RunnerHealth
}

/** Finds or starts the runner of a user. */
export interface Launcher {
  /**
   * Brings the user's runner up, or finds it where it is.
   * @throws OctoError `runner_unavailable` if it does not come up
   */
  launch(user: User): Promise<FoundRunner>
  /** Ends every runner this launcher started or found. */
  close(): Promise<void>
}
