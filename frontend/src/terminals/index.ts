/**
 * Terminals: their list, and what can be done with them; panel.ts and panes.ts hold the views. They draw what the runner
 * sends and send what is typed. Never answers what a program asks its terminal: the runner's screen does.
 */
export { openNewTerminal, terminalTitle, useTerminals } from './terminal-list.ts'
