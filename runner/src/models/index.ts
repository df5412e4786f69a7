/**
 * Models: the providers a user has set up, their keys, and the models picked.
 *
 * Owns the key file. Promises: a key reaches the user's own agents and the provider it was stored for, and nobody else;
 * what was saved is on disk. Never shows a key again, not to the browser and not in a log.
 */
export { serveDemoModel } from './demo/serve.ts'
export type { ModelsForAgents, ReachableProvider } from './models-for-agents.ts'
export { createModelsRoom, type ModelsRoom } from './room.ts'
