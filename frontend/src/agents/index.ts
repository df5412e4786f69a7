/** Which agents there are, and which of them can be prompted. Owns nothing: the runner knows what is installed. */
export { useAgents } from './agent-list.ts'
