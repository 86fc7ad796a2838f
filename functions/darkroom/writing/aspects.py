"""How a prompt shows that it has already decided on something."""

from __future__ import annotations

from collections.abc import Mapping

SAID: Mapping[str, str] = {
    "composition": "close up,closeup,wide shot,wide angle,aerial,overhead,top down,flat lay,"
    "flatlay,from above,from below,bird's eye,birds eye,worm's eye,low angle,high angle,panorama,"
    "panoramic,rule of thirds,symmetrical,symmetry,asymmetrical,centered,centred,off centre,"
    "off center,full body,full length,half body,head and shoulders,headshot,macro,extreme close,"
    "composition,composed,framing,framed,foreground,negative space,minimalist,minimal,viewpoint,"
    "vantage,perspective,isometric,profile view,side view,front view,three quarter,"
    "over the shoulder,eye level,silhouette,establishing shot,medium shot,dutch angle,fisheye,pov,"
    "point of view,seamless pattern,drone shot,drone,view from,seen from,leading lines,"
    "centre of the frame,character sheet,cross section,exploded view,waist up,depth of field,vista",
    "light": "light,lights,lighting,lit,sunlight,sunlit,backlit,backlight,glow,glowing,glows,"
    "shadow,shadows,sunny,sunshine,sun,sunset,sunrise,dawn,dusk,twilight,golden hour,blue hour,"
    "noon,midday,neon,candle,candles,candlelight,candlelit,moonlight,moonlit,lamplight,lamp,"
    "lantern,lanterns,overcast,high key,low key,chiaroscuro,rim light,softbox,spotlight,"
    "lens flare,bioluminescent,fireworks,firelight,campfire,bonfire,aurora,daylight,starlight,"
    "illuminated,luminous,volumetric,god rays,lightning,sundown,evening,morning,torch,torches,"
    "gegenlicht,licht,lumière,luz,luce",
    "colours": "palette,color,colour,colors,colours,colored,coloured,colorful,colourful,"
    "monochrome,monochromatic,black and white,sepia,pastel,pastels,vibrant,vivid,muted,saturated,"
    "desaturated,duotone,tones,toned,tonal,hues,earth tones,earthy,neon,warm,noir,rainbow,"
    "gradient,greyscale,grayscale,iridescent,schwarz,weiß,noir et blanc,golden hour,blue hour,"
    "holographic,teal and orange",
    "finish": "detailed,detail,details,intricate,8k,4k,16k,hd,uhd,high resolution,hyperrealistic,"
    "hyper realistic,ultra realistic,photorealistic,sharp,texture,textures,textured,grain,grainy,"
    "bokeh,shallow depth,depth of field,brushwork,brush strokes,brushstrokes,crisp,blurred,blurry,"
    "polished,soft focus,high quality,masterpiece,washes,line work,linework,octane,unreal engine,"
    "long exposure,macro,hatching,cross hatching",
}
VIVID = (
    "red crimson scarlet ruby burgundy pink magenta fuchsia coral copper bronze yellow amber "
    "ochre mustard green olive emerald jade mint teal turquoise cyan blue azure navy cobalt "
    "indigo sapphire purple violet lilac lavender mauve orange gold"
)
# They name a colour, yet none that a palette could be built upon.
PLAIN = "black white grey gray silver brown beige cream ivory tan golden charcoal"
# Where the word of a colour is no colour.
NO_COLOURS = (
    "orange juice,orange slices,orange slice,an orange,oranges,lavender field,lavender fields,"
    "red wine,green tea,gold medal,rose gold,coral reef,golden retriever,black coffee,golden gate,"
    "blue whale,olive oil,mint tea,green house,white house,polar bear,brown bear"
)
