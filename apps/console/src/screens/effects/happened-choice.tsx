import { Radio, Stack } from '@mantine/core';

/** What somebody says became of something of which nobody knew whether it happened; empty: nothing was said yet. */
export type Happened = '' | 'yes' | 'no';

interface HappenedChoiceProps {
  readonly value: Happened;
  readonly onChange: (value: Happened) => void;
}

/** Asks whether something happened in the product. */
export function HappenedChoice({ value, onChange }: HappenedChoiceProps) {
  return (
    <Radio.Group
      label="What the product shows"
      value={value}
      onChange={(next) => onChange(next as Happened)}
      withAsterisk
    >
      <Stack gap={6} mt={4}>
        <Radio value="yes" label="It happened" />
        <Radio value="no" label="It did not happen" />
      </Stack>
    </Radio.Group>
  );
}
