import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { issueText, OctoError, Password, Username } from '@octo/protocol'
import { Accounts } from '../accounts/accounts.ts'
import { Logins } from '../accounts/logins.ts'
import { withDatabase } from './with-database.ts'

/** Makes an account. @throws OctoError `bad_request` or `exists` */
export async function createUser(
  name: string,
  options: { readonly role: 'member' | 'admin'; readonly home?: string },
): Promise<void> {
  const username = Username.safeParse(name)
  if (!username.success) throw new OctoError('bad_request', `The user name ${issueText(username.error)}.`)
  const password = Password.safeParse(await askPassword())
  if (!password.success) throw new OctoError('bad_request', `The password ${issueText(password.error)}.`)
  await withDatabase(options.home, async (db) => {
    const accounts = new Accounts(db, new Logins(db, { idleDays: 30 }))
    const user = await accounts.create({ name: username.data, role: options.role, password: password.data })
    process.stdout.write(`Made the ${user.role} ${user.name}.\n`)
  })
}

/** From the terminal without showing it, or the whole of standard input. */
async function askPassword(): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/u, '')
  process.stderr.write('Password: ')
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: unseen, terminal: true })
  try {
    return await reader.question('')
  } finally {
    reader.close()
    process.stderr.write('\n')
  }
}
