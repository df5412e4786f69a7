/**
 * Terminals: their list, their panel, and what can be done with them. Views draw what the runner sends and send what is
 * typed. Never answers what a program asks its terminal: the runner's screen does.
 */
export { openNewTerminal, terminalList, terminalTitle, useTerminals } from './terminal-list.ts'
export { TerminalsPanel } from './terminals-panel.tsx'
