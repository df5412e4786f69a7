import { expect, test } from 'vitest'
import { processesOf } from '../support/processes.ts'
import { openStage } from '../support/stage.ts'
import { openNewSession, prompt, sees, seesNoMore, seesRest, timesSaid, toolLine, transcript } from './steps.ts'

const stage = await openStage()

const GONE = /WebSocket connection|ERR_CONNECTION|ERR_EMPTY_RESPONSE/u

/** The process of the runner, as the newest line of the log names it. */
function runnerPid(): number {
  const pid = /.*"pid":(\d+)[^\n]*"event":"runners\.(?:started|found)"/su.exec(stage.product.log())?.[1]
  if (pid === undefined) throw new Error('the log names no runner')
  return Number(pid)
}

test('a backend that is killed and started again loses nothing of a turn', async () => {
  stage.expectErrors(GONE)
  const page = await openNewSession(stage)
  await prompt(page, 'Survive this #hold 3')
  await stage.model.held()
  stage.model.release(1)
  await sees(transcript(page), 'piece 1')
  await stage.product.kill()
  stage.model.release(1)
  await sees(page, 'The server cannot be reached.')
  stage.product = await stage.product.restart()
  await seesNoMore(page, 'The server cannot be reached.')
  await sees(transcript(page), 'piece 1 piece 2')
  stage.model.release(1)
  await sees(transcript(page), 'piece 1 piece 2 piece 3')
  await seesRest(page)
  expect([await timesSaid(page, 'piece 1'), await timesSaid(page, 'Survive this')]).toEqual([1, 1])
})

test('a runner that is killed comes back, and the interrupted turn can go on', async () => {
  stage.expectErrors(GONE)
  const page = await openNewSession(stage)
  await prompt(page, 'Be brave #hold 3')
  await stage.model.held()
  stage.model.release(1)
  await sees(transcript(page), 'piece 1')
  process.kill(runnerPid(), 'SIGKILL')
  await sees(transcript(page), 'Interrupted.')
  expect(await timesSaid(page, 'Be brave')).toBe(1)
  await page.getByRole('button', { name: 'Continue' }).click()
  await sees(transcript(page), 'You said: Continue where you were interrupted.')
  await seesRest(page)
})

test('after SIGTERM no process of the product is left', async () => {
  stage.expectErrors(GONE)
  const page = await openNewSession(stage)
  await prompt(page, 'Sleep long #bash "sleep 1000 & sleep 1001"')
  await toolLine(page, /^Running/).waitFor()
  await expect.poll(() => processesOf(stage.product.home)).toContainEqual(expect.stringContaining('sleep 1001'))
  await stage.product.stop()
  expect(await processesOf(stage.product.home)).toEqual([])
})
