import type { Page } from 'playwright-core'
import { afterAll, afterEach, expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'
import { openWire } from '../support/wire.ts'
import { composer, openNewSession, prompt, sees, seesNoMore, seesRest, timesSaid, transcript } from './steps.ts'

const wire = await openWire()
const stage = await openStage({ config: `[server]\nhosts = ["${wire.host}"]\norigins = ["${wire.url}"]\n` })
wire.leadTo(stage.product.url)
afterEach(() => wire.mend())
afterAll(() => wire.close())

/** What the browser itself says when a connection fails. */
const CUT = /WebSocket connection|ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED|ERR_INTERNET_DISCONNECTED/u

function timesAsked(text: string): number {
  return stage.model.requests.filter((request) => request.prompt.startsWith(text)).length
}

/** A session whose page reaches the product over the wire alone. */
async function openOverWire(): Promise<Page> {
  const page = await stage.open(`${wire.url}/new/${stage.workspace.id}`)
  await prompt(page, 'first words')
  await sees(transcript(page), 'You said: first words')
  await seesRest(page)
  return page
}

test('a reload in the middle of an answer loses and doubles nothing', async () => {
  const page = await openNewSession(stage)
  await prompt(page, 'Reload me #think #hold 3')
  await stage.model.held()
  stage.model.release(1)
  await sees(transcript(page), 'piece 1')
  await page.reload()
  await sees(transcript(page), 'piece 1')
  stage.model.release(2)
  await sees(transcript(page), 'piece 1 piece 2 piece 3')
  await seesRest(page)
  expect([await timesSaid(page, 'piece 1'), await timesSaid(page, 'Reload me')]).toEqual([1, 1])
})

test('a second tab sees the same answer growing', async () => {
  const page = await openNewSession(stage)
  await prompt(page, 'For both of us #hold 3')
  await stage.model.held()
  stage.model.release(1)
  await sees(transcript(page), 'piece 1')
  const beside = await stage.openBeside(page, new URL(page.url()).pathname)
  await sees(transcript(beside), 'piece 1')
  stage.model.release(1)
  await Promise.all([page, beside].map((tab) => sees(transcript(tab), 'piece 1 piece 2')))
  stage.model.release(1)
  await Promise.all([page, beside].map((tab) => seesRest(tab)))
  expect(await transcript(beside).innerText()).toBe(await transcript(page).innerText())
})

test('a prompt sent while the server is out of reach arrives once, by itself', async () => {
  stage.expectErrors(CUT)
  const page = await openOverWire()
  wire.cut()
  await sees(page, 'The server cannot be reached.')
  await prompt(page, 'into the void')
  await sees(transcript(page), 'into the void')
  expect(timesAsked('into the void')).toBe(0)
  wire.mend()
  await sees(transcript(page), 'You said: into the void')
  await seesNoMore(page, 'The server cannot be reached.')
  await seesRest(page)
  expect([timesAsked('into the void'), await timesSaid(page, 'into the void')]).toEqual([1, 2])
})

test('a prompt whose confirmation was lost is not sent twice', async () => {
  stage.expectErrors(CUT)
  const page = await openOverWire()
  wire.loseAnswers()
  await prompt(page, 'only once please')
  await expect.poll(() => timesAsked('only once please')).toBe(1)
  wire.cut()
  wire.mend()
  await sees(transcript(page), 'You said: only once please')
  await seesRest(page)
  expect([timesAsked('only once please'), await timesSaid(page, 'only once please')]).toEqual([1, 2])
})

test('an answer that went on during a cut is whole afterwards', async () => {
  stage.expectErrors(CUT)
  const page = await openOverWire()
  await prompt(page, 'Keep talking #hold 4')
  await stage.model.held()
  stage.model.release(1)
  await sees(transcript(page), 'piece 1')
  wire.cut()
  stage.model.release(2)
  await sees(page, 'The server cannot be reached.')
  wire.mend()
  await sees(transcript(page), 'piece 1 piece 2 piece 3')
  stage.model.release(1)
  await sees(transcript(page), 'piece 1 piece 2 piece 3 piece 4')
  await seesRest(page)
  expect(await timesSaid(page, 'piece 2')).toBe(1)
})

test('without a network the page says so, keeps what is typed, and goes on with the network', async () => {
  stage.expectErrors(CUT)
  const page = await openOverWire()
  await page.context().setOffline(true)
  wire.cut()
  await sees(page, 'You are offline.')
  await composer(page).fill('written on a train')
  await sees(transcript(page), 'You said: first words')
  wire.mend()
  await page.context().setOffline(false)
  await seesNoMore(page, 'You are offline.')
  expect(await composer(page).inputValue()).toBe('written on a train')
  await composer(page).press('Enter')
  await sees(transcript(page), 'You said: written on a train')
})
