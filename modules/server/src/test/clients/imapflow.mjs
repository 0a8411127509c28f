// ImapFlow at its jobs: host, port, user, password. The last line is JSON of what it saw.
import { ImapFlow } from 'imapflow';

const [host, port, user, pass] = process.argv.slice(2);
const client = new ImapFlow({ host, port: Number(port), secure: true, auth: { user, pass }, logger: false, qresync: true });
const told = { news: [] };

async function text(stream) {
    const pieces = [];
    for await (const piece of stream) {
        pieces.push(piece);
    }
    return Buffer.concat(pieces).toString();
}

await client.connect();
told.compressed = Boolean(client._inflate || client._deflate);
const lock = await client.getMailboxLock('INBOX');
try {
    told.subjects = [];
    for await (const message of client.fetch('1:*', { envelope: true, bodyStructure: true, flags: true, size: true })) {
        told.subjects.push(message.envelope.subject);
    }
    told.found = await client.search({ subject: 'flow 1' });
    await client.messageFlagsAdd('2', ['\\Flagged', '$Label1']);
    told.moved = (await client.messageMove('1', 'Archive')).uidMap.size;
    const attachment = Buffer.from('a'.repeat(200000)).toString('base64').replace(/.{76}/g, '$&\r\n');
    client.on('exists', event => told.news.push(`exists ${event.count}`));
    await client.append('INBOX', Buffer.from('Subject: attached\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n'
        + '--b\r\n\r\ntext\r\n--b\r\nContent-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment; filename=a.txt\r\n'
        + 'Content-Transfer-Encoding: base64\r\n\r\n' + attachment + '\r\n--b--\r\n'), ['\\Seen']);
    await client.noop();
    const { content } = await client.download('*', '2');
    told.attachment = await text(content);
    await client.getQuota('INBOX');
    await client.status('Archive', { messages: true, unseen: true, uidNext: true, highestModseq: true });
    await client.mailboxCreate(['Flow', 'deep']);
    await client.mailboxDelete(['Flow', 'deep']);
} finally {
    lock.release();
}
await client.logout();
console.log(JSON.stringify(told));
