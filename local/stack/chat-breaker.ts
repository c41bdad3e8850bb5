/** Breaks the chat application in several ways at a time: it takes all its faults as one set. */
import type { ChatFaults } from '../services/chat-faults';
import type { ChatProcess } from '../services/chat-process';

/** Adds a fault to those that are on; what comes back takes it away again. */
export type BreakChat = (fault: ChatFaults) => Promise<() => Promise<void>>;

export function createChatBreaker(chat: Pick<ChatProcess, 'setFaults'>): BreakChat {
  const active = new Set<ChatFaults>();
  const apply = (faults: Iterable<ChatFaults>): Promise<void> => chat.setFaults(Object.assign({}, ...faults) as ChatFaults);
  return async (fault) => {
    await apply([...active, fault]);
    active.add(fault);
    return async () => {
      await apply([...active].filter((each) => each !== fault));
      active.delete(fault);
    };
  };
}
