import type { Agent } from '@octo/protocol'
import type { ResourceState } from '../mux/index.ts'
import { createResource, perMux, useMux, useResource } from '../mux/index.ts'

/** The configured agents; asked again when models change, because readiness hangs on them. */
export const agentList = perMux((mux) => {
  const agents = createResource(mux, async () => (await mux.query('agents.list', {})).agents)
  mux.on('models.changed', () => agents.reload())
  return agents
})

export function useAgents(): ResourceState<readonly Agent[]> {
  return useResource(agentList(useMux()))
}
