/**
 * Sessions: conversations with agents.
 *
 * Owns every session, its items, its queue and its agent's process; it is their only writer. Promises: what was answered or
 * announced is stored; a command runs once; a turn ends exactly once, whatever the agent does; a viewer can leave and come
 * back at any point without loss, repetition or reordering. Never repeats by itself what an agent has done.
 */
export { createSessionsRoom, type SessionsRoom, type SessionsRoomOptions } from './room.ts'
