/** Breaks the chat application in several ways at a time: it takes all its faults as one set. */
import type { ChatFaults } from '../services/chat-faults';
import type { ChatProcess } from '../services/chat-process';

/** Adds a fault to those that are on; what comes back takes it away again. */
export type BreakChat = (fault: ChatFaults) => Promise<() => Promise<void>>;

export function createChatBreaker(chat: Pick<ChatProcess, 'setFaults'>): BreakChat {
  const active = new Set<ChatFaults>();
  const apply = (): Promise<void> => chat.setFaults(Object.assign({}, ...active) as ChatFaults);
  return async (fault) => {
    active.add(fault);
    await apply();
    return async () => {
      active.delete(fault);
      await apply();
    };
  };
}
