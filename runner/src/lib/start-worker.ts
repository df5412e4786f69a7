import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Starts a worker thread from a module beside the caller's, whether octo runs compiled or from its sources.
 * @param name the module without its extension, e.g. `./worker`
 * @param from the caller's `import.meta.url`
 * @param options what the thread finds as its data, and the limits of its heap
 */
export function startWorker(
  name: string,
  from: string,
  options: Pick<WorkerOptions, 'workerData' | 'resourceLimits'> = {},
): Worker {
  const source = from.endsWith('.ts')
  const url = new URL(`${name}${source ? '.ts' : '.js'}`, from)
  return new Worker(url, { ...options, execArgv: source ? ['--conditions=octo:source'] : [] })
}
