import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import '../property-seed.js';
import { MerkleTree } from '../../src/audit/merkle.js';
import { checkNote, createSigner, parseVerifier } from '../../src/audit/signed-note.js';

/** The example of golang.org/x/mod/sumdb/note. */
const PETER = {
  verifier: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  seed: Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1),
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  signature:
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=',
};

describe('a signed note', () => {
  it('is written and read as other programs write and read it', () => {
    const signer = createSigner('PeterNeumann', PETER.seed);
    expect(signer.verifier.text).toBe(PETER.verifier);
    expect(signer.sign(PETER.text)).toBe(`${PETER.text}\n${PETER.signature}\n`);
    const verifier = parseVerifier(PETER.verifier);
    expect(verifier && checkNote(PETER.text, [PETER.signature], [verifier])).toBe('signed');
  });

  it('is refused when its text or its signature was changed, and ignored when its key is unknown', () => {
    const verifiers = [createSigner('PeterNeumann', PETER.seed).verifier];
    const other = createSigner('PeterNeumann', Buffer.alloc(32, 7));
    const foreign = other.sign(PETER.text).trimEnd().split('\n').at(-1) ?? '';
    expect(checkNote(PETER.text.replace('problem', 'answer'), [PETER.signature], verifiers)).toBe('bad_signature');
    expect(checkNote(PETER.text, [foreign], verifiers)).toBe('unknown_key');
    expect(checkNote(PETER.text, [foreign, PETER.signature], verifiers)).toBe('signed');
    expect(checkNote(PETER.text, [`${PETER.signature.slice(0, 40)}AAAA`], verifiers)).toBe('bad_signature');
  });

  it('names its key in a form of which one changed character is refused', () => {
    fc.assert(
      fc.property(fc.nat(PETER.verifier.length - 1), fc.constantFrom('+', 'a', 'Z', '0', '9', ' '), (at, character) => {
        const changed = PETER.verifier.slice(0, at) + character + PETER.verifier.slice(at + 1);
        return changed === PETER.verifier || changed.trim() === PETER.verifier || parseVerifier(changed) === null;
      }),
    );
  });
});

describe('the tree', () => {
  /** Leaves and roots of the tests of Certificate Transparency (RFC 6962). */
  const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const ROOTS = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];

  it('has the roots of RFC 6962', () => {
    const tree = new MerkleTree();
    const roots = [tree.root()];
    for (const leaf of LEAVES) {
      tree.append(Buffer.from(leaf, 'hex'));
      roots.push(tree.root());
    }
    expect(roots.map((root) => Buffer.from(root, 'base64').toString('hex'))).toEqual(ROOTS);
  });
});
