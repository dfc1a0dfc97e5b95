import { Select } from '@mantine/core';
import { useApi } from '../../../app/use-api.ts';
import { absoluteTime } from '../../../ui/times.ts';
import { plainText } from '../../../ui/untrusted-text.ts';

interface PickRunProps {
  readonly label: string;
  readonly value: string;
  /** The other run: runs of its playbook are offered. */
  readonly beside: string;
  readonly onChange: (run: string) => void;
}

/** Chooses a run, of the same playbook as the other one when that is chosen. */
export function PickRun({ label, value, beside, onChange }: PickRunProps) {
  const known = beside === '' ? value : beside;
  const other = useApi('getRunOverview', { id: known }, { enabled: known !== '' });
  const playbook = other.data?.playbook;
  const query = { limit: 100, ...(playbook ? { playbook } : {}) };
  const runs = useApi('listRuns', { query }, { enabled: known === '' || playbook !== undefined || other.isError });
  const options = (runs.data?.items ?? [])
    .filter(({ id }) => id !== beside)
    .map(({ id, title, status, created_at }) => ({
      value: id,
      label: `${absoluteTime(created_at)} · ${status} · ${plainText(title, 60)}`,
    }));
  const listed = value === '' || options.some((option) => option.value === value);
  return (
    <Select
      label={`Run ${label}`}
      placeholder="Choose a run"
      searchable
      nothingFoundMessage="No other run of this playbook"
      data={listed ? options : [{ value, label: value }, ...options]}
      value={value === '' ? null : value}
      onChange={(next) => onChange(next ?? '')}
    />
  );
}
