import { Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { useApi } from '../../app/use-api.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { WINDOWS } from './sending.ts';

/** What can be chosen of a source. */
export interface SourceDraft {
  readonly title: string;
  readonly normalizer: string;
  readonly dedup_window: string;
}

interface FieldsProps {
  readonly draft: SourceDraft;
  readonly onChange: (patch: Partial<SourceDraft>) => void;
}

function Normalizers({ draft, onChange }: FieldsProps) {
  const { data } = useApi('listNormalizers', {});
  return (
    <Radio.Group
      label="Normaliser"
      description="Says which fields of what comes in mean what. Not sure? Try an input first."
      value={draft.normalizer}
      onChange={(normalizer) => onChange({ normalizer })}
    >
      <Stack gap={8} mt={8}>
        {data?.items.map(({ id, title, description, fallback }) => (
          <Radio
            key={id}
            value={id}
            label={
              <Text span size="sm">
                {title}{' '}
                <Text span size="xs" c="dimmed" ff="monospace">
                  {id}
                </Text>
              </Text>
            }
            description={<Untrusted text={fallback ? `${description} Fits most tools.` : description} longest={300} />}
          />
        ))}
        <Radio
          value=""
          label="None"
          description="Makes no alerts: it only starts the playbook whose webhook trigger names this source."
        />
      </Stack>
    </Radio.Group>
  );
}

/** Name, normaliser and window of a source. */
export function SourceFields({ draft, onChange }: FieldsProps) {
  const windows = WINDOWS.some(({ value }) => value === draft.dedup_window)
    ? WINDOWS
    : [...WINDOWS, { value: draft.dedup_window, label: draft.dedup_window }];
  return (
    <Stack gap="md">
      <TextInput
        label="Name"
        withAsterisk
        maxLength={100}
        value={draft.title}
        onChange={(event) => onChange({ title: event.currentTarget.value })}
        data-autofocus
      />
      <Normalizers draft={draft} onChange={onChange} />
      <Select
        label="One alert for how long"
        description="Findings with the same key within this time are counted on one alert."
        data={[...windows]}
        value={draft.dedup_window}
        onChange={(dedup_window) => dedup_window && onChange({ dedup_window })}
        allowDeselect={false}
      />
    </Stack>
  );
}
