import { type CounterpointError, type Json, nearest } from '@counterpoint/core';
import { eventErrors, isForeignTopic } from '@counterpoint/events';
import { type TopicDeclaration, validateValue } from '@counterpoint/playbook';

/** Why an event may not be published; undefined when it may. */
export type EventCheck = (topic: string, data: Json) => CounterpointError | undefined;

/** Holds what is published against the declared topics. Data of open topics is free, and of those of other systems (`dxl.…`). */
export function createEventCheck(topics: ReadonlyMap<string, TopicDeclaration>): EventCheck {
  return (topic, data) => {
    const declared = topics.get(topic);
    if (!declared && isForeignTopic(topic)) return undefined;
    if (!declared) {
      const near = nearest(topic, topics.keys());
      return eventErrors.topic_unknown({ topic, suggestion: near === undefined ? '' : `; did you mean ${near}?` });
    }
    const [mismatch] = declared.schema ? validateValue(declared.schema, data) : [];
    if (!mismatch) return undefined;
    return eventErrors.data_invalid({ topic, reason: mismatch.reason });
  };
}
