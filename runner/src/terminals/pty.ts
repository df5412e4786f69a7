import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { ReadStream } from 'node:tty'
import type { Size } from './window-size.ts'

/** What node-pty's native part offers; its signatures are fixed by the exact version in package.json. */
interface NativePty {
  fork(
    ...args: [
      file: string,
      args: readonly string[],
      env: readonly string[],
      cwd: string,
      cols: number,
      rows: number,
      uid: number,
      gid: number,
      utf8: boolean,
      helper: string,
      onExit: (code: number, signal: number) => void,
    ]
  ): { readonly fd: number; readonly pid: number; readonly pty: string }
  resize(fd: number, cols: number, rows: number, pixelWidth: number, pixelHeight: number): void
}

/**
 * node-pty's stream layer is left out, because it loses output when a paused terminal's program ends (it closes 200 ms
 * later, whatever the kernel still holds), turns a core while a program does not read its input, tells nobody how much
 * input was taken, and does not let bytes through undecoded without also switching the terminal's UTF-8 editing off.
 */
const { module: native, dir } = (
  createRequire(import.meta.url)('node-pty/lib/utils.js') as {
    loadNativeModule(name: 'pty'): { readonly module: NativePty; readonly dir: string }
  }
).loadNativeModule('pty')

/** A program's children may hold the terminal open after its end; when they are silent for so long, it is over. */
const DRAIN_MS = 100

/**
 * All terminals read into this one: what was read is taken before anything else is. With a buffer for each read, a flood
 * leaves tens of megabytes of them behind.
 */
const READ_BUFFER = Buffer.alloc(65_536)

export interface PtyExit {
  readonly code: number
  /** The signal's name, if one ended the program. */
  readonly signal: string | null
}

export interface PtyOptions extends Size {
  readonly file: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** The bytes are good until it returns. */
  readonly onData: (bytes: Uint8Array) => void
  /** Called once, after the last byte of output. */
  readonly onExit: (exit: PtyExit) => void
}

/** A program on a pseudo-terminal. */
export class Pty {
  readonly pid: number
  readonly #options: PtyOptions
  readonly #fd: number
  readonly #stream: ReadStream
  #open = true
  #paused = false
  #exit: PtyExit | null = null
  #told = false
  #drainTimer: NodeJS.Timeout | null = null

  /**
   * Starts the program.
   * @throws Error if the system has no process or pseudo-terminal left
   */
  constructor(options: PtyOptions) {
    this.#options = options
    const env = Object.entries(options.env).map(([name, value]) => `${name}=${value}`)
    const child = native.fork(
      options.file,
      options.args,
      env,
      options.cwd,
      options.cols,
      options.rows,
      -1,
      -1,
      true,
      `${dir}/spawn-helper`,
      (code, signal) => this.#onExit(code, signal),
    )
    this.pid = child.pid
    this.#fd = child.fd
    this.#stream = new ReadStream(child.fd, {
      onread: { buffer: READ_BUFFER, callback: (length) => this.#onRead(length) },
    })
    this.#stream.resume()
    // The end of a terminal reads as an I/O error; there is nothing else that could fail here.
    this.#stream.on('error', () => this.#onClosed())
    this.#stream.on('close', () => this.#onClosed())
    this.#stream.on('end', () => this.#onClosed())
  }

  /** Stops reading, so that the program waits as soon as the kernel's buffer is full. */
  pause(): void {
    this.#paused = true
    if (this.#drainTimer !== null) clearTimeout(this.#drainTimer)
    this.#drainTimer = null
    this.#stream.pause()
  }

  resume(): void {
    this.#paused = false
    this.#stream.resume()
    this.#watchDrain()
  }

  /**
   * Gives input to the terminal, without waiting.
   * @returns how many bytes the kernel took: fewer than given, or 0, while the program does not read
   */
  write(bytes: Uint8Array): number {
    // The descriptor's number may belong to another file as soon as it was closed.
    if (!this.#open || this.#stream.destroyed) return bytes.byteLength
    try {
      return writeSync(this.#fd, bytes)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EAGAIN') return 0
      // EIO: nothing holds the other end, so nobody will ever read it.
      if (code === 'EIO') return bytes.byteLength
      throw error
    }
  }

  resize(size: Size): void {
    if (this.#open && !this.#stream.destroyed) native.resize(this.#fd, size.cols, size.rows, 0, 0)
  }

  /** Closes our end; what still runs in it is hung up by the kernel. */
  close(): void {
    this.#stream.destroy()
    this.#onClosed()
  }

  #onRead(length: number): boolean {
    this.#watchDrain()
    this.#options.onData(READ_BUFFER.subarray(0, length))
    return !this.#paused
  }

  #onExit(code: number, signal: number): void {
    this.#exit = { code, signal: signal === 0 ? null : signalName(signal) }
    this.#watchDrain()
    this.#finish()
  }

  #onClosed(): void {
    this.#open = false
    if (this.#drainTimer !== null) clearTimeout(this.#drainTimer)
    this.#drainTimer = null
    this.#finish()
  }

  #watchDrain(): void {
    if (this.#exit === null || this.#paused || !this.#open) return
    if (this.#drainTimer !== null) this.#drainTimer.refresh()
    else this.#drainTimer = setTimeout(() => this.close(), DRAIN_MS)
  }

  #finish(): void {
    if (this.#open || this.#exit === null || this.#told) return
    this.#told = true
    this.#options.onExit(this.#exit)
  }
}

function signalName(signal: number): string {
  const found = Object.entries(constants.signals).find(([, number]) => number === signal)
  return found?.[0] ?? `signal ${signal}`
}
