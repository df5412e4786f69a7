/**
 * Terminals of this user: shells on pseudo-terminals, their recent output and their screens.
 *
 * Owns: the PTYs, every process started in them, and the thread that keeps their screens.
 * Promises: a viewer that comes back gets each byte once, or the screen as it is; input is written once; a viewer that
 * sleeps costs a window of bytes and stops nothing; closing ends every process a terminal ever started that can be found.
 * Never: stores or logs what is typed or printed, lets a viewer answer what a program asks its terminal.
 */
export { createTerminalsRoom, type TerminalsRoom } from './room.ts'
