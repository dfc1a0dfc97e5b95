import { Textarea } from '@mantine/core';
import { readObject } from './json-object.ts';

interface ObjectInputProps {
  readonly label: string;
  readonly description?: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** A map, edited as JSON; says what is wrong with it while it is written. */
export function ObjectInput({ label, description, text, onChange }: ObjectInputProps) {
  const { problem } = readObject(text);
  return (
    <Textarea
      label={label}
      {...(description ? { description } : {})}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
      autosize
      minRows={4}
      maxRows={18}
      error={problem}
      spellCheck={false}
      autoCapitalize="off"
      autoCorrect="off"
      styles={{
        input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 'var(--mantine-font-size-xs)' },
      }}
    />
  );
}
