import type { RunnerHealth, User } from '@octo/protocol'

/** A runner process that answers. */
export interface RunningRunner {
  /** Path of the Unix socket it listens on. */
  readonly socket: string
  /** What it said of itself when it was found or started. */
  readonly health: RunnerHealth
  /** Resolves with a sentence for people when it has ended. */
  readonly ended: Promise<string>
  /** Looks whether it still answers; if not, `ended` resolves. */
  check(): Promise<void>
  /** Ends it, and waits until it has ended. */
  stop(): Promise<void>
}

/** How runners come to be: as child processes, or another day as units of systemd or containers. */
export interface Launcher {
  /**
   * Finds the runner of a user that is there already, or starts one.
   * @throws OctoError `runner_unavailable` with the reason
   */
  launch(owner: Pick<User, 'name'>): Promise<RunningRunner>
  /** Ends what was started ahead and nobody asked for. */
  close(): Promise<void>
}
