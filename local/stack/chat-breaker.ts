/** Breaks the chat application in several ways at a time: it takes all its faults as one set. */
import type { ChatFaults } from '../services/chat-faults';
import type { ChatProcess } from '../services/chat-process';

/** Adds a fault to those that are on; what comes back takes it away again. */
export type BreakChat = (fault: ChatFaults) => Promise<() => Promise<void>>;

export function createChatBreaker(chat: Pick<ChatProcess, 'setFaults'>): BreakChat {
  const active = new Set<ChatFaults>();
  const apply = (faults: readonly ChatFaults[]): Promise<void> => {
    const http = Object.assign({}, ...faults.map((fault) => fault.http)) as ChatFaults['http'];
    return chat.setFaults({ ...(Object.assign({}, ...faults) as ChatFaults), http });
  };
  return async (fault) => {
    await apply([...active, fault]);
    active.add(fault);
    return async () => {
      await apply([...active].filter((each) => each !== fault));
      active.delete(fault);
    };
  };
}
