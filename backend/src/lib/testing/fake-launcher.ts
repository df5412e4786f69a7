import { join } from 'node:path'
import type { Launcher, RunningRunner } from '../../runners/index.ts'
import { askHealth } from '../../runners/index.ts'
import { type FakeRunner, startFakeRunner } from './fake-runner.ts'
import { type Inbox, openInbox } from './inbox.ts'

/** Launches fake runners; each launch is told to the test. */
export interface FakeLauncher extends Launcher, AsyncDisposable {
  readonly launched: Inbox<FakeRunner>
}

export function fakeLauncher(folder: string): FakeLauncher {
  const launched = openInbox<FakeRunner>()
  const all: FakeRunner[] = []
  return {
    launched,
    async launch({ name }) {
      const runner = await startFakeRunner(join(folder, `${name}.sock`))
      all.push(runner)
      launched.put(runner)
      return toRunning(runner)
    },
    close: async () => undefined,
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((runner) => runner.kill()))
    },
  }
}

function toRunning(runner: FakeRunner): RunningRunner {
  const ended = Promise.withResolvers<string>()
  return {
    socket: runner.socket,
    health: runner.health,
    ended: ended.promise,
    async check() {
      if ((await askHealth(runner.socket))?.epoch !== runner.health.epoch) ended.resolve('It was killed.')
    },
    async stop() {
      await runner.kill()
      ended.resolve('It was stopped.')
    },
  }
}
