"""What a file says of where it comes from, in words that viewers read: XMP and IPTC.

Nothing that differs between two makings of the same image: equal images are equal files, which
can be kept by their hash. When and for which job one was made, the library tells.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from darkroom.domain.worker_ports import Origin

_SOURCES = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def xmp(origin: Origin) -> bytes:
    source = _SOURCES + ("trainedAlgorithmicMedia" if origin.trained else "algorithmicMedia")
    credit = escape(f"{origin.provider}/{origin.model}")
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/">
   <Iptc4xmpExt:DigitalSourceType>{source}</Iptc4xmpExt:DigitalSourceType>
   <photoshop:Credit>{credit}</photoshop:Credit>
   <xmp:CreatorTool>Darkroom</xmp:CreatorTool>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>""".encode()
