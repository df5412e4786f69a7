import { z } from 'zod'
import { command, notification, query, room } from './define.ts'
import { isStreamNumber } from './frames.ts'
import { ClientId, TerminalId, WorkspaceId } from './ids.ts'
import { MAX_PATH_CHARS, MAX_TERMINAL_COLS, MAX_TERMINAL_ROWS, MIN_TERMINAL_SIZE } from './limits.ts'
import { listChanged, ListInput, listOutput } from './lists.ts'

export const Cols = z.number().int().min(MIN_TERMINAL_SIZE).max(MAX_TERMINAL_COLS)
export const Rows = z.number().int().min(MIN_TERMINAL_SIZE).max(MAX_TERMINAL_ROWS)
export const TerminalName = z.string().trim().min(1).max(100)

/** A number the client chooses for a binary stream, unique on its connection while it is attached. */
export const StreamNumber = z.number().refine(isStreamNumber, 'must be an integer from 0 to 4294967295')

export const Terminal = z.object({
  id: TerminalId,
  workspace: WorkspaceId,
  name: z.string(),
  /** What the program in it calls itself (OSC 0/2), if it does. */
  title: z.string().optional(),
  cols: Cols,
  rows: Rows,
  state: z.enum(['running', 'ended']),
  exitCode: z.number().int().optional(),
  signal: z.string().optional(),
  createdAt: z.number(),
})
export type Terminal = z.infer<typeof Terminal>

export const terminals = room('terminals', {
  side: 'runner',
  role: 'member',
  methods: {
    list: query({
      about: 'The terminals of this user; over a socket, also subscribes to their changes.',
      input: ListInput,
      output: listOutput(Terminal),
    }),
    create: command({
      about: 'Starts a shell in a workspace.',
      input: z.object({
        workspace: WorkspaceId,
        name: TerminalName.optional(),
        /** Relative to the workspace; its root if left out. */
        folder: z.string().max(MAX_PATH_CHARS).optional(),
        cols: Cols,
        rows: Rows,
      }),
      output: Terminal,
    }),
    attach: query({
      about:
        'Opens a stream of a terminal. With `after` inside what is kept, exactly the missing bytes follow; otherwise a screen frame and the bytes after it.',
      attaches: true,
      input: z.object({
        terminal: TerminalId,
        stream: StreamNumber,
        /** Offset of the first output byte not yet seen. */
        after: z.number().int().nonnegative().optional(),
        /** Whose input offsets count: the same tab keeps its id over reconnects. */
        client: ClientId,
      }),
      output: z.object({
        terminal: Terminal,
        /** Offset at which output goes on, after the screen if one is sent. */
        offset: z.number().int().nonnegative(),
        /** Whether a screen frame comes first. */
        screen: z.boolean(),
        /** Offset up to which this client's input was written; send again what is after it. */
        input: z.number().int().nonnegative(),
      }),
    }),
    detach: query({
      about: 'Closes a stream; the terminal goes on.',
      input: z.object({ stream: StreamNumber }),
      output: z.object({}),
    }),
    resize: query({
      about:
        'Sets the size. The last who typed decides; others show that size. Repeating it does no harm, so it needs no command id.',
      input: z.object({ terminal: TerminalId, cols: Cols, rows: Rows, client: ClientId }),
      output: z.object({ cols: Cols, rows: Rows }),
    }),
    rename: command({
      about: 'Names a terminal.',
      input: z.object({ terminal: TerminalId, name: TerminalName }),
      output: Terminal,
    }),
    close: command({
      about: 'Ends a terminal and everything that runs in it, and removes it.',
      input: z.object({ terminal: TerminalId }),
      output: z.object({}),
    }),
  },
  notifications: {
    changed: notification({
      about: 'Terminals came, went, ended or changed name, title or size.',
      params: listChanged(Terminal),
    }),
    detached: notification({
      about:
        'The runner closed a stream: the terminal was removed, or the viewer did not acknowledge for too long. Attach again with your offset.',
      params: z.object({ stream: StreamNumber, terminal: TerminalId, reason: z.enum(['removed', 'stalled']) }),
    }),
  },
})
