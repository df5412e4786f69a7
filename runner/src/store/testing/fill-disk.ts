/**
 * Run as a program in a folder on a tiny disk: fills it through the store, frees it, and writes on. Prints what it saw as
 * one line of JSON.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OctoError } from '@octo/protocol'
import { silentLog } from '../../lib/log.ts'
import { openStore } from '../index.ts'
import { change, sampleSession, userItem } from './samples.ts'

const [folder = ''] = process.argv.slice(2)
const ballast = join(folder, 'ballast')
writeFileSync(ballast, Buffer.alloc(2_000_000))
const path = join(folder, 'runner.db')
const store = await openStore({
  path,
  log: silentLog,
  onLost: (error) => {
    throw error
  },
})

const session = sampleSession()
let seq = 0
let refused: string | null = null
async function write(): Promise<void> {
  const next = seq + 1
  await store.commit(change(session, next, [userItem('x'.repeat(50_000), { seq: next, index: next })]))
  seq = next
}
while (refused === null && seq < 1_000) {
  try {
    await write()
  } catch (error) {
    refused = error instanceof OctoError ? error.code : String(error)
  }
}
const acknowledged = seq
const readable = (await store.newest(session.id, 1)).seq
rmSync(ballast)
await write()
const afterwards = (await store.newest(session.id, 1)).seq
await store.close()
process.stdout.write(JSON.stringify({ refused, acknowledged, readable, afterwards }))
