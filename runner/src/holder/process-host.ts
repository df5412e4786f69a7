/** What is started: a program, not a shell line, so nothing in it is ever expanded. */
export interface ProcessSpec {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  /** The whole environment; nothing is inherited beside it. */
  readonly env: Readonly<Record<string, string>>
}

/** How a process ended: by itself with a code, or by a signal. */
export interface ProcessExit {
  readonly code: number | null
  readonly signal: string | null
}

/**
 * Where a process's bytes go. Called in order; after `exited` nothing more comes. When a process ends, what it has started
 * is killed with it before `exited` tells.
 */
export interface ProcessListener {
  output(bytes: Uint8Array): void
  errorOutput(bytes: Uint8Array): void
  exited(exit: ProcessExit): void
}

/** A process whose pipes somebody holds for us. */
export interface HostedProcess {
  readonly pid: number
  /**
   * Writes to its standard input. Resolves when the bytes may be followed by more, so a process that does not read slows
   * its writer instead of filling memory. Writing to a process that has ended is a no-op.
   */
  write(bytes: Uint8Array): Promise<void>
  closeInput(): void
  /** Stops reading its output until {@link resume}, so that it is slowed down by its full pipe. */
  pause(): void
  resume(): void
  /**
   * Signals the process and everything it has started, however far that has moved away: its process group, its
   * descendants, and those that carry its mark after their parents have died.
   * @returns how many processes were signalled
   */
  signalTree(signal: 'SIGTERM' | 'SIGKILL'): Promise<number>
  /** How many processes it has started that still live, itself not counted. */
  childCount(): Promise<number>
}

/**
 * Owns processes and their pipes for the rest of the runner.
 *
 * Today the runner's own process does that. Behind this interface a process of its own can, so that agents outlive a
 * restart of the runner.
 */
export interface ProcessHost {
  /**
   * Starts a process as the leader of a session and process group of its own.
   * @throws OctoError `agent_missing` if there is no such program, `permission_denied` if it may not be run,
   *   `workspace_gone` if the folder is not there, `overloaded` if the system has no room for another process
   */
  start(spec: ProcessSpec, listener: ProcessListener): Promise<HostedProcess>
  /** Kills what an earlier life of this host has left behind. @returns how many processes that were */
  killLeftovers(): Promise<number>
  /** Kills everything it has started and not yet seen end. */
  close(): Promise<void>
}
