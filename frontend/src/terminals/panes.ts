/** The larger half of the room, fetched when the first terminal is shown: the emulator and what stands around it. */
export { TerminalPane } from './terminal-pane.tsx'
