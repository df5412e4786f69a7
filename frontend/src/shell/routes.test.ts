import type { SessionId, TerminalId, WorkspaceId } from '@octo/protocol'
import { expect, test } from 'vitest'
import { pathOf, targetOf } from './routes.ts'
import type { TabTarget } from './tabs.ts'

const targets: readonly TabTarget[] = [
  { kind: 'session', session: 'ses_a' as SessionId },
  { kind: 'terminal', terminal: 'trm_a' as TerminalId },
  { kind: 'file', workspace: 'wsp_a' as WorkspaceId, path: 'src/a b?#ü%.ts' },
  { kind: 'file', workspace: 'wsp_a' as WorkspaceId, path: 'a.ts', line: 12 },
  { kind: 'new', workspace: null },
  { kind: 'new', workspace: 'wsp_a' as WorkspaceId },
  { kind: 'settings', page: 'models' },
  { kind: 'inbox' },
]

test('every tab comes back from its own address', () => {
  const addresses = targets.map((target) => new URL(pathOf(target), 'http://octo.test'))
  expect(addresses.map(({ pathname, search }) => targetOf(pathname, search))).toEqual(targets)
})

test('addresses nobody knows open nothing', () => {
  expect(['/', '/canvas/x', '/session', '/file/wsp_a', '/file/wsp_a/%zz'].map((path) => targetOf(path))).toEqual([
    null,
    null,
    null,
    null,
    null,
  ])
})
