"""What pictures are made of: how a prompt names it, and what is then worth asking for."""

from __future__ import annotations

from collections.abc import Mapping

# The earlier ones win: "a watercolour logo" is a logo, "a cartoon photo" a cartoon.
NAMES: Mapping[str, str] = {
    "pixels": "pixel art,8 bit,16 bit,pixelated,voxel,voxel art",
    "craft": "origami,papercut,paper cut,paper craft,papercraft,embroidery,embroidered,"
    "cross stitch,felt,crochet,crocheted,knitted,mosaic,stained glass,collage,lego,clay,"
    "claymation,plasticine,tapestry,quilt,macrame",
    "print": "linocut,woodcut,woodblock,etching,engraving,lithograph,risograph,screen print,"
    "screenprint,block print,ukiyo e,stencil",
    "watercolour": "watercolor,watercolour,watercolors,watercolours,aquarelle,aquarell,acuarela,"
    "acquerello,gouache,ink wash,sumi e",
    "oil": "oil painting,oil on canvas,oils,oil paint,acrylic,impasto,impressionist,impressionism,"
    "renaissance,baroque painting,fresco,van gogh,monet,rembrandt,vermeer,painting,painted,"
    "expressionist,fauvist,cubist,gemälde,ölgemälde,peinture,pintura",
    "drawing": "pencil drawing,pencil sketch,colored pencil,coloured pencil,colored pencils,"
    "coloured pencils,charcoal,graphite,sketch,line art,line drawing,ink drawing,pen and ink,"
    "drawing of,drawing,hand drawn,doodle,crayon,chalk,pastels,in pencil,blueprint,zeichnung,"
    "dessin",
    "vector": "vector,flat design,flat illustration,flat style,flat vector,line icon,clip art,"
    "clipart,infographic,minimalist illustration,bauhaus,swiss style",
    "anime": "anime,manga,ghibli,chibi,cel shaded,cel shading",
    "cartoon": "cartoon,comic,comic book,pop art,caricature,graphic novel,disney,pixar",
    "render": "3d,render,rendering,octane,blender,unreal engine,cgi,low poly,lowpoly,isometric,"
    "c4d,ray traced,raytraced",
    "illustration": "illustration,illustrated,digital art,digital painting,concept art,storybook,"
    "art nouveau,art deco,fantasy art,matte painting,surrealist,surreal,surrealism,vaporwave,"
    "synthwave,psychedelic,children's book,childrens book,airbrush,artstation",
    "photo": "photo,photos,photograph,photography,photographic,photorealistic,photorealism,"
    "realistic,hyperrealistic,hyper realistic,cinematic,film still,dslr,35mm,50mm,85mm,shot on,"
    "kodak,portra,fujifilm,polaroid,bokeh,lens,analog,analogue,long exposure,macro,editorial,"
    "telephoto,snapshot,foto,fotografie,fotografía,noir,drone,stock image,aperture,gopro",
    "concept": "cyberpunk,steampunk,dystopian,futuristic,post apocalyptic,solarpunk,sci fi",
}

# These have no light and shade, unless a prompt says so.
FLAT = frozenset({"pixels", "print", "vector", "drawing", "cartoon", "anime"})

# What to ask of each, where the prompt names it and says nothing of the finish.
FINISHES: Mapping[str, tuple[str, ...]] = {
    "pixels": (
        "Crisp, deliberate pixels with a small palette, clean outlines and no blurring",
        "A tidy grid of pixels, readable shapes and hand-placed highlights",
    ),
    "craft": (
        "The material is honest and tactile: visible fibres, seams and edges, all made by hand",
        "Carefully worked by hand, with real thickness and small irregularities left in",
    ),
    "print": (
        "Confident carved lines, flat areas of ink and a slight unevenness in the print",
        "Bold shapes and fine hatching on uncoated paper, the ink a little uneven at the edges",
    ),
    "watercolour": (
        "Transparent washes on textured paper, edges left to bleed, the white of the sheet kept",
        "Loose, confident brushwork with wet blooms of pigment and a few crisp accents",
    ),
    "oil": (
        "Visible, confident brushwork, thick paint where it matters and quiet passages elsewhere",
        "Rich layers of paint with soft and hard edges, the weave of the canvas just visible",
    ),
    "drawing": (
        "Lines of varied weight, dense where it matters and left open at the edges of the paper",
        "Sure, lively lines with careful hatching, the grain of the paper showing through",
    ),
    "vector": (
        "Clean geometry, even line weights and flat, crisp shapes without clutter",
        "Few, well-drawn shapes with smooth curves and sharp edges",
    ),
    "anime": (
        "Clean line work, expressive shapes and carefully painted backgrounds",
        "Crisp outlines with two or three tones of shading and a detailed setting",
    ),
    "cartoon": (
        "Bold outlines, exaggerated shapes and clean, readable expressions",
        "Confident inked lines with lively shapes and simple, well-spaced shading",
    ),
    "render": (
        "Finely modelled surfaces with believable materials and soft contact shadows",
        "Clean geometry, subtle bevels and carefully tuned materials",
    ),
    "illustration": (
        "A polished illustration with confident shapes, varied edges and detail where it counts",
        "Careful drawing beneath, textured brushwork on top, the finest detail at the focal point",
    ),
    "photo": (
        "Crisp where it matters and soft where it does not, with natural texture throughout",
        "True-to-life texture, fine tonal transitions and a natural depth of field",
    ),
    "concept": (
        "A cinematic concept painting, dense with detail up close and simpler far away",
        "Believable materials and worn surfaces, worked out like a still from a film",
    ),
}

# The medium that suits a subject, or a place, where the prompt names none.
USUAL: Mapping[str, tuple[str, ...]] = {
    "people": (
        "Photographed with a portrait lens: crisp focus, natural skin, a softly blurred background",
        "A candid, true-to-life photograph with honest texture in skin, hair and fabric",
    ),
    "animals": (
        "Photographed with a long lens: fine texture, a clean outline, a soft, distant background",
        "A true-to-life photograph, sharp on the subject and softer towards the edges",
    ),
    "food": (
        "An editorial food photograph with crisp texture in front and a soft background",
        "Photographed close with a shallow depth of field, every texture fresh and tangible",
    ),
    "product": (
        "A high-end product photograph, pin-sharp, with believable materials and clean edges",
        "An editorial product photograph with precise detail and soft, natural reflections",
    ),
    "landscape": (
        "A landscape photograph, sharp from the near ground to the far distance, fine in its tones",
        "Photographed on a tripod with a small aperture: crisp texture, smooth tonal transitions",
    ),
    "city": (
        "An architectural photograph with straight lines, crisp materials and real depth",
        "A true-to-life photograph, sharp throughout, with small human details left in",
    ),
    "interior": (
        "A photograph as for a design magazine: straight lines, true materials, fine detail",
        "Photographed with a moderate wide lens, crisp throughout, textiles and surfaces tangible",
    ),
    "vehicle": (
        "An editorial photograph with crisp lines, clean reflections and a softer background",
        "A true-to-life photograph with fine detail in every polished and worn surface",
    ),
    "plants": (
        "Photographed close with a shallow depth of field, fine veins and edges in crisp detail",
        "A true-to-life photograph with delicate texture and a soft, uncluttered background",
    ),
    "underwater": (
        "An underwater photograph, crisp in front and dissolving into soft haze behind",
        "A true-to-life underwater photograph with fine texture close to the lens",
    ),
    "space": (
        "A highly detailed digital painting with scientific care in its textures",
        "Rendered with fine surface detail and smooth, deep gradients",
    ),
    "fantasy": (
        "A detailed digital painting with rich texture, varied edges and depth in every layer",
        "A polished cinematic illustration, finest in detail at the focal point",
    ),
    "work": (
        "An editorial photograph, natural and unstaged, sharp where the attention belongs",
        "A true-to-life photograph with honest detail and a softly blurred background",
    ),
    "logo": (
        "A flat vector mark with even line weights, crisp edges and no effects",
        "Drawn as clean vector shapes, precise curves and nothing superfluous",
    ),
    "lettering": (
        "A clean graphic design with crisp edges and a subtle texture of paper",
        "Careful graphic design: consistent type, even spacing, sharp edges",
    ),
    "abstract": (
        "A finely made digital artwork with smooth transitions and a hint of tactile grain",
        "Crisp edges beside soft ones, with a subtle texture that rewards a closer look",
    ),
    "anything": (
        "Carefully finished, with fine detail at the focal point and calmer areas around it",
        "Rich in texture where the eye rests first, simple everywhere else",
    ),
}
