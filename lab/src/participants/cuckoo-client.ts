/** Where a Cuckoo answers. */
export interface CuckooAddress {
  readonly baseUrl: string;
  readonly token: string;
}

/** What an analysis found, as Cuckoo writes it: what is read here, of much more. */
export interface CuckooReport {
  readonly info: { readonly score: number };
  readonly network: {
    readonly hosts: readonly string[];
    readonly domains: readonly { readonly domain: string }[];
    readonly http: readonly { readonly uri: string }[];
  };
}

const LOOK = 50;
const PATIENCE = 60_000;

async function ask<Answer>({ baseUrl, token }: CuckooAddress, path: string, body?: FormData): Promise<Answer> {
  const response = await fetch(`${baseUrl}${path}`, {
    headers: { authorization: `Bearer ${token}` },
    ...(body ? { method: 'POST', body } : {}),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`Cuckoo answered ${response.status} to ${path}`);
  return (await response.json()) as Answer;
}

/** Has a file run, and gives the report. @throws Error when Cuckoo refuses, or is not done within a minute */
export async function detonate(address: CuckooAddress, name: string, bytes: Buffer): Promise<CuckooReport> {
  const form = new FormData();
  form.set('file', new File([new Uint8Array(bytes)], name));
  const { task_id } = await ask<{ task_id: number }>(address, '/tasks/create/file', form);
  const end = Date.now() + PATIENCE;
  for (;;) {
    const { task } = await ask<{ task: { status: string } }>(address, `/tasks/view/${task_id}`);
    if (task.status === 'reported') return ask<CuckooReport>(address, `/tasks/report/${task_id}`);
    if (task.status.startsWith('failed') || Date.now() > end) throw new Error(`task ${task_id} is ${task.status}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
}
