import { FrameKind, type Terminal, type Workspace } from '@octo/protocol'
import { type Account, Client, setUp } from '../support/client.ts'
import { type Product, startProduct, temporaryFolder } from '../support/product.ts'

/** The started product with one account, one connection and one workspace. */
export interface Workbench {
  readonly product: Product
  readonly account: Account
  readonly client: Client
  readonly workspace: Workspace
  close(): Promise<void>
}

export async function openWorkbench(options: { readonly config?: string } = {}): Promise<Workbench> {
  const home = await temporaryFolder('bench-home')
  const folder = await temporaryFolder('bench-workspace')
  if (options.config !== undefined) {
    const { writeFile } = await import('node:fs/promises')
    await writeFile(`${home.path}/config.toml`, options.config)
  }
  const product = await startProduct({ home: home.path })
  const account = await setUp(product)
  const client = await Client.connect(account)
  const workspace = await client.call('workspaces.add', { path: folder.path })
  return {
    product,
    account,
    client,
    workspace,
    async close() {
      await client.close()
      await product.stop()
      await home.remove()
      await folder.remove()
    },
  }
}

export interface AttachedTerminal {
  readonly terminal: Terminal
  type(text: string): void
  /** Called with each piece of output, screens left out. */
  onOutput: (bytes: Uint8Array) => void
}

let nextStream = 1

/** Starts a shell and attaches to it; output is acknowledged as soon as it arrives. */
export async function openTerminal({ client, workspace }: Workbench): Promise<AttachedTerminal> {
  const terminal = await client.call('terminals.create', { workspace: workspace.id, cols: 80, rows: 24 })
  const stream = nextStream
  nextStream += 1
  let typed = 0
  const attached: AttachedTerminal = {
    terminal,
    onOutput: () => {},
    type(text) {
      const payload = new TextEncoder().encode(text)
      client.sendFrame({ kind: FrameKind.input, stream, offset: typed, payload })
      typed += payload.byteLength
    },
  }
  const before = client.onFrame
  client.onFrame = (frame) => {
    before(frame)
    if (frame.stream !== stream || frame.kind !== FrameKind.output) return
    const end = frame.offset + frame.payload.byteLength
    client.sendFrame({ kind: FrameKind.outputAck, stream, offset: end, payload: new Uint8Array() })
    attached.onOutput(frame.payload)
  }
  await client.call('terminals.attach', { terminal: terminal.id, stream, client: client.clientId })
  return attached
}

/** Resolves once the output since now contains `wanted`. */
export function outputHas(terminal: AttachedTerminal, wanted: string): Promise<void> {
  const decoder = new TextDecoder()
  return new Promise((resolve) => {
    let text = ''
    terminal.onOutput = (bytes) => {
      text = (text + decoder.decode(bytes, { stream: true })).slice(-10_000)
      if (text.includes(wanted)) resolve()
    }
  })
}
