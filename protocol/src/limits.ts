/** Limits both ends keep. They are told in `system.hello`, so that a client need not be rebuilt when one changes. */
export const PROTOCOL_VERSION = 1

/** A WebSocket frame, and so a request, a reply or a piece of a stream. Larger things go over HTTP. */
export const MAX_FRAME_BYTES = 1_048_576

/** How many objects and arrays may be nested: far above any real message, far below what overflows a stack. */
export const MAX_NESTING = 64

/** Heartbeat interval; two missed beats and a margin make a dead link, which stays below the promised 15 s. */
export const HEARTBEAT_MS = 5_000
export const DEAD_LINK_MS = 12_000

/** Text above this becomes an excerpt and a blob, so that no item makes a frame too large. */
export const MAX_INLINE_BYTES = 65_536

/** The text of one prompt; what is longer is better attached as a file. */
export const MAX_PROMPT_CHARS = 262_144

export const MAX_ATTACHMENTS = 20
export const MAX_BLOB_BYTES = 20 * 1_048_576
export const MAX_QUEUED_PROMPTS = 50

/** Bytes of terminal output a viewer may leave unacknowledged before the runner stops sending to it. */
export const TERMINAL_WINDOW_BYTES = 262_144

/** Piece of terminal input in one frame; a larger paste is sent as several. */
export const MAX_TERMINAL_INPUT_BYTES = 65_536

/** Files above this open read-only and in pieces. */
export const MAX_EDITABLE_BYTES = 20 * 1_048_576

export const MAX_PATH_CHARS = 4_096

export const MIN_TERMINAL_SIZE = 2
export const MAX_TERMINAL_COLS = 1_000
export const MAX_TERMINAL_ROWS = 500
