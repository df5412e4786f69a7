/**
 * Agents: which are configured, and how each is spoken to.
 *
 * Owns the adapters. Promises: whatever an agent does, a session hears of it in one language; an agent that misbehaves ends
 * with a reason, and all it started ends with it. Never stores anything; what is worth keeping goes to the session.
 */
export type * from './adapter.ts'
export type { AgentRegistry } from './registry.ts'
export { type AgentsRoom, createAgentsRoom } from './room.ts'
